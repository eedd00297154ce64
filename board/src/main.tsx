import { initPluginTranslations } from "@grafana/i18n";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { readBoardIndex } from "./dashboard/readDashboards";
import { App } from "./frame/App";
import "./board.css";

declare global {
  interface Window {
    /** Where `@grafana/ui` looks for its icons: `<this>build/img/icons`. */
    __grafana_public_path__?: string;
  }
}

const reloadPauseMilliseconds = 60_000;

window.__grafana_public_path__ = "/";

// A page that was left open asks for files of the last release: the new one brings its own.
window.addEventListener("vite:preloadError", () => {
  const reloadedAt = Number(sessionStorage.getItem("reloaded-at") ?? 0);
  if (Date.now() - reloadedAt > reloadPauseMilliseconds) {
    sessionStorage.setItem("reloaded-at", String(Date.now()));
    location.reload();
  }
});

// Asked for before anything is drawn: the first dashboard waits for it.
const index = readBoardIndex().catch((error: Error) => error);

// @grafana/ui measures texts in Inter: drawn before the font is there, axes and numbers are cut off.
void Promise.all([
  initPluginTranslations("grafana-ui"),
  document.fonts.load("400 12px Inter"),
  document.fonts.load("500 14px Inter"),
])
  .catch(() => undefined)
  .then(() => {
    const root = document.getElementById("root");
    if (root !== null) {
      createRoot(root).render(
        <StrictMode>
          <App index={index} />
        </StrictMode>,
      );
    }
  });
