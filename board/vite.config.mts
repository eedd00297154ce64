import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const iconsFolder = join(import.meta.dirname, "node_modules/@grafana/ui/dist/public/img/icons");
const iconsPath = "build/img/icons";
const iconFolders = ["unicons", "custom", "mono", "solid"];
const missingIcon = "unicons/angle-double-left.svg";

/** An icon that `TimeRangePicker` uses and the package lacks: its counterpart, mirrored. */
function mirrorIcon(): string {
  return readFileSync(join(iconsFolder, "unicons/angle-double-right.svg"), "utf8")
    .replace(/(<svg[^>]*>)/, '$1<g transform="translate(24 0) scale(-1 1)">')
    .replace("</svg>", "</g></svg>");
}

function readIcon(name: string): string | undefined {
  const file = join(iconsFolder, name);
  return name === missingIcon
    ? mirrorIcon()
    : existsSync(file)
      ? readFileSync(file, "utf8")
      : undefined;
}

/** `@grafana/ui` fetches icons when it draws them: they are served from the page's own origin. */
function grafanaIcons(): Plugin {
  return {
    name: "grafana-icons",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = new URL(request.url ?? "/", "http://localhost").pathname;
        const icon = path.startsWith(`/${iconsPath}/`)
          ? readIcon(path.slice(iconsPath.length + 2))
          : undefined;
        if (icon === undefined) {
          return next();
        }
        response.setHeader("Content-Type", "image/svg+xml");
        response.end(icon);
      });
    },
    generateBundle() {
      const names = iconFolders.flatMap((folder) =>
        readdirSync(join(iconsFolder, folder)).map((file) => `${folder}/${file}`),
      );
      for (const name of [...names, missingIcon]) {
        this.emitFile({
          type: "asset",
          fileName: `${iconsPath}/${name}`,
          source: readIcon(name) ?? "",
        });
      }
    },
  };
}

/** `GlobalStyles` declares fonts by paths of Grafana's own server; `board.css` declares those of this page. */
function withoutGrafanaFonts(): Plugin {
  const replacement = "\0no-grafana-fonts";
  return {
    name: "without-grafana-fonts",
    enforce: "pre",
    resolveId: (source, importer) =>
      source === "./fonts.mjs" && importer?.endsWith("GlobalStyles.mjs") === true
        ? replacement
        : undefined,
    load: (id) => (id === replacement ? "export const getFontStyles = () => [];" : undefined),
  };
}

export default defineConfig({
  plugins: [react(), grafanaIcons(), withoutGrafanaFonts()],
  // Libraries beneath @grafana/ui ask for what only Node.js has.
  define: { "process.env": {}, global: "window" },
  resolve: {
    alias: [
      {
        // Half the size: the whole history of all time zones is for dates before this page's data.
        find: /^moment-timezone$/,
        replacement: "moment-timezone/builds/moment-timezone-with-data-10-year-range.js",
      },
    ],
  },
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 3000 },
  server: {
    proxy: {
      "/prometheus": {
        target: process.env["BOARD_PROMETHEUS"] ?? "http://127.0.0.1:9090",
        rewrite: (path) => path.replace(/^\/prometheus/, ""),
      },
    },
  },
});
