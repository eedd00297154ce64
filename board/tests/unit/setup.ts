// @grafana/data asks for a browser where it formats dates and where it keeps its flags.
const target = globalThis as Record<string, unknown>;
target["window"] ??= globalThis;
target["navigator"] ??= { language: "en-US", languages: ["en-US"] };
