import { beforeAll } from "vitest";

// @grafana/data asks for a browser where it formats dates and where it keeps its flags. Not earlier: while they load,
// libraries beneath it would take this for a browser with a document.
beforeAll(() => {
  const target = globalThis as Record<string, unknown>;
  target["window"] ??= globalThis;
  target["navigator"] ??= { language: "en-US", languages: ["en-US"] };
});
