import { Icon } from "@grafana/ui";
import { renderAddress } from "../address/address";
import { useAddress } from "../address/useAddress";
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
  const entries = links.flatMap((link) => {
    const kept = {
      theme: address.theme,
      ...(link.keepTime === true ? { from: address.from, to: address.to } : {}),
      ...(link.includeVars === true
        ? { variables: Object.fromEntries(variables.map(({ name, selected }) => [name, selected])) }
        : {}),
    };
    const isBlank = link.targetBlank === true;
    return link.type === "dashboards"
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
  });
  return (
    <nav className="dashboard-links" aria-label="Related pages">
      {entries.map(({ title, href, isBlank }) => (
        <Link
          key={href}
          className="pill"
          href={href}
          target={isBlank ? "_blank" : undefined}
          rel="noreferrer"
        >
          <Icon name={href.startsWith("/") ? "apps" : "external-link-alt"} size="sm" />
          {title}
        </Link>
      ))}
    </nav>
  );
}

function hasTags(tags: readonly string[], wanted: readonly string[] = []): boolean {
  return wanted.every((tag) => tags.includes(tag));
}

function addParameters(url: string, kept: Parameters<typeof renderAddress>[0]): string {
  const [, search = ""] = renderAddress(kept).split("?");
  return search === "" ? url : `${url}${url.includes("?") ? "&" : "?"}${search}`;
}
