import { Icon } from "@grafana/ui";
import { renderAddress } from "../address/address";
import { navigate, useAddress } from "../address/useAddress";
import type { DashboardJson, DashboardLinkJson } from "../dashboard/dashboardJson";
import type { BoardIndex } from "../dashboard/readDashboards";
import type { Variable } from "../dashboard/variables";
import { Link } from "../frame/Link";

interface DashboardLinksProps {
  readonly links: readonly DashboardLinkJson[];
  readonly dashboard: DashboardJson;
  readonly index: BoardIndex;
  readonly variables: readonly Variable[];
}

export function DashboardLinks({ links, dashboard, index, variables }: DashboardLinksProps) {
  const address = useAddress();
  if (links.length === 0) {
    return null;
  }
  const groups = links.map((link) => {
    const kept = {
      theme: address.theme,
      ...(link.keepTime === true ? { from: address.from, to: address.to } : {}),
      ...(link.includeVars === true
        ? { variables: Object.fromEntries(variables.map(({ name, selected }) => [name, selected])) }
        : {}),
    };
    const isBlank = link.targetBlank === true;
    const entries =
      link.type === "dashboards"
        ? index.dashboards
            .filter(({ uid, tags }) => uid !== dashboard.uid && hasTags(tags, link.tags))
            .map(({ uid, title }) => ({
              title,
              isBlank,
              href: renderAddress({ ...kept, page: "dashboard", uid }),
            }))
        : [
            {
              title: link.title ?? link.url ?? "",
              isBlank,
              href: addParameters(link.url ?? "", kept),
            },
          ];
    return {
      title: link.title ?? "",
      isDropdown: link.type === "dashboards" && link.asDropdown === true,
      entries,
    };
  });
  return (
    <nav className="dashboard-links" aria-label="Related pages">
      {groups.map(({ title, isDropdown, entries }) =>
        isDropdown ? (
          <LinkMenu key={title} title={title} entries={entries} />
        ) : (
          entries.map((entry) => <LinkPill key={entry.href} entry={entry} />)
        ),
      )}
    </nav>
  );
}

interface Entry {
  readonly title: string;
  readonly href: string;
  readonly isBlank: boolean;
}

function LinkPill({ entry: { title, href, isBlank } }: { readonly entry: Entry }) {
  return (
    <Link className="pill" href={href} target={isBlank ? "_blank" : undefined} rel="noreferrer">
      <Icon name={href.startsWith("/") ? "apps" : "external-link-alt"} size="sm" />
      {title}
    </Link>
  );
}

/** Where there may be many: one place for all, and none where there is nothing to go to. */
function LinkMenu({
  title,
  entries,
}: {
  readonly title: string;
  readonly entries: readonly Entry[];
}) {
  if (entries.length === 0) {
    return null;
  }
  return (
    <label className="select">
      <span className="hidden">{title}</span>
      <Icon name="apps" size="sm" />
      <select value="" onChange={(event) => navigate(event.target.value)}>
        <option value="" disabled>
          {title}
        </option>
        {entries.map((entry) => (
          <option key={entry.href} value={entry.href}>
            {entry.title}
          </option>
        ))}
      </select>
    </label>
  );
}

function hasTags(tags: readonly string[], wanted: readonly string[] = []): boolean {
  return wanted.every((tag) => tags.includes(tag));
}

function addParameters(url: string, kept: Parameters<typeof renderAddress>[0]): string {
  const [, search = ""] = renderAddress(kept).split("?");
  return search === "" ? url : `${url}${url.includes("?") ? "&" : "?"}${search}`;
}
