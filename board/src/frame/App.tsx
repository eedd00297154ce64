import { createTheme, ThemeContext } from "@grafana/data";
import { ErrorBoundaryAlert, GlobalStyles, PortalContainer } from "@grafana/ui";
import { lazy, Suspense, use, useEffect, useMemo } from "react";
import { changeAddress, useAddress } from "../address/useAddress";
import { type BoardIndex, findHome } from "../dashboard/readDashboards";
import { DashboardPage } from "../pages/DashboardPage";
import { AwayBanner } from "./AwayBanner";
import { Header } from "./Header";
import { Notice } from "./Notice";
import { applyThemeColors } from "./applyThemeColors";

const TargetsPage = lazy(() => import("../pages/TargetsPage"));
const AlertsPage = lazy(() => import("../pages/AlertsPage"));
const QueryPage = lazy(() => import("../pages/QueryPage"));
const StatusPage = lazy(() => import("../pages/StatusPage"));

const themeKey = "glasshouse-theme";

function preferredTheme(): "light" | "dark" {
  const stored = localStorage.getItem(themeKey);
  if (stored === "light" || stored === "dark") {
    return stored;
  }
  return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}

/** @param index settles always: with why the page cannot start, if it cannot */
export function App({ index }: { readonly index: Promise<BoardIndex | Error> }) {
  const address = useAddress();
  const mode = address.theme ?? preferredTheme();
  const theme = useMemo(() => createTheme({ colors: { mode } }), [mode]);
  useEffect(() => applyThemeColors(theme), [theme]);
  const changeTheme = () => {
    const next = mode === "dark" ? "light" : "dark";
    localStorage.setItem(themeKey, next);
    changeAddress({ theme: next }, { replace: true });
  };
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <ErrorBoundaryAlert>
        <Suspense fallback={<Notice text="Loading…" />}>
          <Pages index={index} mode={mode} onThemeChange={changeTheme} />
        </Suspense>
      </ErrorBoundaryAlert>
      <PortalContainer />
    </ThemeContext.Provider>
  );
}

interface PagesProps {
  readonly index: Promise<BoardIndex | Error>;
  readonly mode: "light" | "dark";
  readonly onThemeChange: () => void;
}

function Pages({ index: reading, mode, onThemeChange }: PagesProps) {
  const index = use(reading);
  if (index instanceof Error) {
    return <Notice text={index.message} isError />;
  }
  return (
    <>
      <Header index={index} mode={mode} onThemeChange={onThemeChange} />
      <AwayBanner />
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<Notice text="Loading…" />}>
          <CurrentPage index={index} />
        </Suspense>
      </main>
    </>
  );
}

function CurrentPage({ index }: { readonly index: BoardIndex }) {
  const { page, uid } = useAddress();
  switch (page) {
    case "targets":
      return <TargetsPage expectedTargets={index.expectedTargets} />;
    case "alerts":
      return <AlertsPage hasAlertmanager={index.hasAlertmanager} />;
    case "query":
      return <QueryPage index={index} />;
    case "status":
      return <StatusPage />;
    case "home":
    case "dashboard": {
      const entry =
        page === "home" ? findHome(index) : index.dashboards.find((other) => other.uid === uid);
      return entry === undefined ? (
        <Notice
          text={
            page === "home" ? "This stack has no dashboards." : `No dashboard is called ${uid}.`
          }
          isError
        />
      ) : (
        <DashboardPage key={entry.uid} entry={entry} index={index} />
      );
    }
    case "unknown":
      return <Notice text="There is no such page." isError />;
  }
}
