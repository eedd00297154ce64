package glasshouse.iotd;

import java.util.Locale;
import java.util.Random;
import org.springframework.stereotype.Component;

/** Draws an {@link Artwork} as SVG; the same artwork always gives the same drawing. */
@Component
class Artist {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 600;
    private static final int CENTER_X = WIDTH / 2;
    private static final int CENTER_Y = HEIGHT / 2;
    private static final int STARS = 160;

    String draw(Artwork artwork) {
        var random = new Random(artwork.seed());
        var svg = new StringBuilder();
        add(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\">", WIDTH, HEIGHT);
        add(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"#070a17\"/>");
        addGlow(svg, "glow", artwork.color());
        addGlow(svg, "halo", artwork.accent());
        addStars(svg, random);
        switch (artwork.motif()) {
            case GALAXY -> addGalaxy(svg, random, artwork);
            case PLANET -> addPlanet(svg, random, artwork, 190);
            case RINGED_PLANET -> addRingedPlanet(svg, random, artwork);
            case COMET -> addComet(svg, artwork);
            case ECLIPSE -> addEclipse(svg, random, artwork);
            case NEBULA -> addNebula(svg, random);
        }
        return svg.append("</svg>\n").toString();
    }

    /** A fill that is bright in its middle and fades to nothing. */
    private static void addGlow(StringBuilder svg, String id, String color) {
        add(
                svg,
                "<radialGradient id=\"%s\"><stop offset=\"0\" stop-color=\"%s\"/>"
                        + "<stop offset=\"1\" stop-color=\"%s\" stop-opacity=\"0\"/></radialGradient>",
                id,
                color,
                color);
    }

    private static void addStars(StringBuilder svg, Random random) {
        for (int i = 0; i < STARS; i++) {
            addCircle(
                    svg,
                    random.nextDouble(WIDTH),
                    random.nextDouble(HEIGHT),
                    random.nextDouble(0.4, 1.6),
                    "#ffffff",
                    random.nextDouble(0.3, 1));
        }
    }

    private static void addGalaxy(StringBuilder svg, Random random, Artwork artwork) {
        addEllipse(svg, CENTER_X, CENTER_Y, 380, 230, "url(#glow)", 0.35);
        int arms = 2;
        int starsPerArm = 260;
        double turns = 1.6;
        for (int arm = 0; arm < arms; arm++) {
            for (int i = 0; i < starsPerArm; i++) {
                double outward = (double) i / starsPerArm;
                double angle =
                        2 * Math.PI * (turns * outward + (double) arm / arms)
                                + random.nextGaussian(0, 0.12);
                double radius = 30 + 340 * outward + random.nextGaussian(0, 10);
                addCircle(
                        svg,
                        CENTER_X + radius * Math.cos(angle),
                        CENTER_Y + 0.6 * radius * Math.sin(angle),
                        random.nextDouble(0.8, 3),
                        random.nextInt(3) == 0 ? artwork.accent() : artwork.color(),
                        1 - 0.7 * outward);
            }
        }
        addEllipse(svg, CENTER_X, CENTER_Y, 120, 80, "url(#halo)", 1);
    }

    private static void addPlanet(StringBuilder svg, Random random, Artwork artwork, int radius) {
        add(
                svg,
                "<clipPath id=\"disc\"><circle cx=\"%d\" cy=\"%d\" r=\"%d\"/></clipPath>",
                CENTER_X,
                CENTER_Y,
                radius);
        addCircle(svg, CENTER_X, CENTER_Y, radius * 1.25, "url(#glow)", 0.5);
        addCircle(svg, CENTER_X, CENTER_Y, radius, artwork.color(), 1);
        add(svg, "<g clip-path=\"url(#disc)\">");
        for (int y = -radius; y < radius; y += random.nextInt(18, 46)) {
            addEllipse(
                    svg,
                    CENTER_X + random.nextInt(-40, 40),
                    CENTER_Y + y,
                    radius * 1.2,
                    random.nextInt(4, 14),
                    artwork.accent(),
                    random.nextDouble(0.2, 0.6));
        }
        add(svg, "</g>");
        // Night falls on the side away from the sun.
        add(
                svg,
                "<radialGradient id=\"night\" cx=\"0.3\" cy=\"0.3\" r=\"0.8\">"
                        + "<stop offset=\"0.4\" stop-opacity=\"0\"/>"
                        + "<stop offset=\"1\" stop-opacity=\"0.8\"/></radialGradient>");
        addCircle(svg, CENTER_X, CENTER_Y, radius, "url(#night)", 1);
    }

    private static void addRingedPlanet(StringBuilder svg, Random random, Artwork artwork) {
        add(svg, "<g transform=\"rotate(-14 %d %d)\">", CENTER_X, CENTER_Y);
        addHalfRings(svg, artwork, 1);
        addPlanet(svg, random, artwork, 140);
        addHalfRings(svg, artwork, 0);
        add(svg, "</g>");
    }

    /** The half of the rings before the planet (sweep 0) or behind it (sweep 1). */
    private static void addHalfRings(StringBuilder svg, Artwork artwork, int sweep) {
        for (int ring = 0; ring < 4; ring++) {
            int reach = 215 + 36 * ring;
            add(
                    svg,
                    "<path d=\"M%d %d A%d %.1f 0 0 %d %d %d\" fill=\"none\" stroke=\"%s\""
                            + " stroke-width=\"%d\" opacity=\"0.75\"/>",
                    CENTER_X - reach,
                    CENTER_Y,
                    reach,
                    reach * 0.22,
                    sweep,
                    CENTER_X + reach,
                    CENTER_Y,
                    artwork.accent(),
                    6 + 4 * (ring % 3));
        }
    }

    private static void addComet(StringBuilder svg, Artwork artwork) {
        int headX = 300;
        int headY = 400;
        for (int tail = 0; tail < 5; tail++) {
            add(
                    svg,
                    "<path d=\"M%d %d Q%d %d %d %d L%d %d Z\" fill=\"%s\" opacity=\"0.22\"/>",
                    headX,
                    headY - 18,
                    560,
                    150 + 30 * tail,
                    900 - 20 * tail,
                    40 + 45 * tail,
                    headX,
                    headY + 18,
                    artwork.accent());
        }
        addCircle(svg, headX, headY, 90, "url(#glow)", 0.9);
        addCircle(svg, headX, headY, 20, artwork.color(), 1);
    }

    private static void addEclipse(StringBuilder svg, Random random, Artwork artwork) {
        addCircle(svg, CENTER_X, CENTER_Y, 290, "url(#halo)", 0.9);
        for (int ray = 0; ray < 48; ray++) {
            double angle = 2 * Math.PI * ray / 48;
            double reach = random.nextDouble(170, 280);
            add(
                    svg,
                    "<line x1=\"%d\" y1=\"%d\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
                            + " stroke-width=\"3\" opacity=\"0.35\"/>",
                    CENTER_X,
                    CENTER_Y,
                    CENTER_X + reach * Math.cos(angle),
                    CENTER_Y + reach * Math.sin(angle),
                    artwork.color());
        }
        addCircle(svg, CENTER_X, CENTER_Y, 154, artwork.color(), 1);
        addCircle(svg, CENTER_X, CENTER_Y, 150, "#070a17", 1);
    }

    private static void addNebula(StringBuilder svg, Random random) {
        for (int cloud = 0; cloud < 34; cloud++) {
            addEllipse(
                    svg,
                    random.nextGaussian(CENTER_X, 170),
                    random.nextGaussian(CENTER_Y, 90),
                    random.nextDouble(60, 210),
                    random.nextDouble(40, 140),
                    cloud % 2 == 0 ? "url(#glow)" : "url(#halo)",
                    random.nextDouble(0.15, 0.45));
        }
        for (int star = 0; star < 14; star++) {
            addCircle(
                    svg,
                    random.nextGaussian(CENTER_X, 120),
                    random.nextGaussian(CENTER_Y, 70),
                    random.nextDouble(1.5, 4),
                    "#ffffff",
                    0.95);
        }
    }

    private static void addCircle(
            StringBuilder svg, double x, double y, double radius, String fill, double opacity) {
        addEllipse(svg, x, y, radius, radius, fill, opacity);
    }

    private static void addEllipse(
            StringBuilder svg,
            double x,
            double y,
            double radiusX,
            double radiusY,
            String fill,
            double opacity) {
        add(
                svg,
                "<ellipse cx=\"%.1f\" cy=\"%.1f\" rx=\"%.1f\" ry=\"%.1f\" fill=\"%s\" opacity=\"%.2f\"/>",
                x,
                y,
                radiusX,
                radiusY,
                fill,
                opacity);
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        // The root locale, because SVG wants a point in numbers wherever the service runs.
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
