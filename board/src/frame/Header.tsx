import { Icon, type IconName } from "@grafana/ui";
import { renderAddress } from "../address/address";
import { navigate, useAddress } from "../address/useAddress";
import { type BoardIndex, type DashboardEntry, findHome } from "../dashboard/readDashboards";
import { Link } from "./Link";

interface HeaderProps {
  readonly index: BoardIndex;
  readonly mode: "light" | "dark";
  readonly onThemeChange: () => void;
}

const pages: readonly {
  page: "alerts" | "targets" | "query" | "status";
  title: string;
  icon: IconName;
}[] = [
  { page: "alerts", title: "Alerts", icon: "bell" },
  { page: "targets", title: "Targets", icon: "signal" },
  { page: "query", title: "Query", icon: "compass" },
  { page: "status", title: "Status", icon: "info-circle" },
];

/** Of one app each; there may be many. */
function isOfApp({ tags }: DashboardEntry): boolean {
  return tags.includes("glasshouse-app");
}

function DashboardOptions({ entries }: { readonly entries: readonly DashboardEntry[] }) {
  return entries.map(({ uid, title }) => (
    <option key={uid} value={uid}>
      {title}
    </option>
  ));
}

export function Header({ index, mode, onThemeChange }: HeaderProps) {
  const address = useAddress();
  const { theme } = address;
  const isDashboard = address.page === "home" || address.page === "dashboard";
  const uid = address.page === "home" ? findHome(index)?.uid : address.uid;
  // A range, but no variables: those belong to the dashboard that is left.
  const kept = isDashboard
    ? { theme, from: address.from, to: address.to, refresh: address.refresh }
    : { theme };
  return (
    <header className="header">
      <Link className="brand" href={renderAddress({ theme })}>
        <img src="/favicon.svg" alt="" width="22" height="22" />
        Glasshouse
        {index.title !== undefined && <span className="brand-stack">{index.title}</span>}
      </Link>
      <nav className="nav" aria-label="Pages">
        <label className="select">
          <span className="hidden">Dashboard</span>
          <Icon name="apps" />
          <select
            value={isDashboard ? uid : ""}
            onChange={(event) =>
              navigate(renderAddress({ ...kept, page: "dashboard", uid: event.target.value }))
            }
          >
            {!isDashboard && (
              <option value="" disabled>
                Dashboards
              </option>
            )}
            <DashboardOptions entries={index.dashboards.filter((entry) => !isOfApp(entry))} />
            {index.dashboards.some(isOfApp) && (
              <optgroup label="Apps, one by one">
                <DashboardOptions entries={index.dashboards.filter(isOfApp)} />
              </optgroup>
            )}
          </select>
        </label>
        {pages.map(({ page, title, icon }) => (
          <Link
            key={page}
            className="nav-link"
            href={renderAddress({ page, theme })}
            aria-current={address.page === page ? "page" : undefined}
          >
            <Icon name={icon} />
            {title}
          </Link>
        ))}
      </nav>
      <button
        type="button"
        className="icon-button"
        onClick={onThemeChange}
        aria-label={mode === "dark" ? "Use the light theme" : "Use the dark theme"}
        title={mode === "dark" ? "Use the light theme" : "Use the dark theme"}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden>
          <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M8 1.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" />
        </svg>
      </button>
    </header>
  );
}
