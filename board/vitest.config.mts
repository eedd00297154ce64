import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/unit/**/*.test.ts"],
    setupFiles: ["tests/unit/setup.ts"],
    // @grafana/data picks its CommonJS files otherwise, which ask for ES modules.
    server: { deps: { inline: [/@grafana/] } },
  },
});
