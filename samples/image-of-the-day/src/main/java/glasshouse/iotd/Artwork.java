package glasshouse.iotd;

/**
 * A picture of the catalogue: its caption, and what {@link Artist} needs to draw it.
 *
 * @param id names the picture in its path
 * @param seed makes the same id look the same on every host
 */
public record Artwork(
        String id, String caption, Motif motif, String color, String accent, long seed) {

    public enum Motif {
        GALAXY,
        PLANET,
        RINGED_PLANET,
        COMET,
        ECLIPSE,
        NEBULA
    }
}
