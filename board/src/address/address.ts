/** What of the page's state is in its address: a copied address shows a colleague the same view. */
export interface Address {
  readonly page: "home" | "dashboard" | "targets" | "alerts" | "query" | "status" | "unknown";
  /** Of the dashboard. */
  readonly uid: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly refresh: string | undefined;
  readonly theme: "light" | "dark" | undefined;
  /** The number of the only panel that is shown. */
  readonly viewPanel: number | undefined;
  readonly variables: Readonly<Record<string, readonly string[]>>;
  /** PromQL of the query page. */
  readonly queries: readonly string[];
  readonly view: "graph" | "table" | undefined;
}

const pages = ["targets", "alerts", "query", "status"] as const;

/** Paths and names are Grafana's: a link of a dashboard works in both. */
export function parseAddress(path: string, search: string): Address {
  const parameters = new URLSearchParams(search);
  const read = (name: string) => parameters.get(name) ?? undefined;
  const [first = "", second] = path.split("/").filter((part) => part !== "");
  const theme = read("theme");
  const view = read("view");
  const viewPanel = Number(read("viewPanel")?.replace(/^panel-/, "") ?? "none");
  const known = pages.find((page) => page === first);
  return {
    page:
      first === ""
        ? "home"
        : first === "d" && second !== undefined
          ? "dashboard"
          : (known ?? "unknown"),
    uid: first === "d" && second !== undefined ? decodeURIComponent(second) : undefined,
    from: read("from"),
    to: read("to"),
    refresh: read("refresh"),
    theme: theme === "light" || theme === "dark" ? theme : undefined,
    viewPanel: Number.isNaN(viewPanel) ? undefined : viewPanel,
    variables: Object.fromEntries(
      [...new Set(parameters.keys())]
        .filter((name) => name.startsWith("var-"))
        .map((name) => [name.slice("var-".length), parameters.getAll(name)]),
    ),
    queries: parameters.getAll("expr"),
    view: view === "graph" || view === "table" ? view : undefined,
  };
}

export function renderAddress(address: Partial<Address>): string {
  const parameters = new URLSearchParams();
  const put = (name: string, value: string | number | undefined) => {
    if (value !== undefined) {
      parameters.append(name, String(value));
    }
  };
  put("from", address.from);
  put("to", address.to);
  put("refresh", address.refresh);
  put("theme", address.theme);
  put("viewPanel", address.viewPanel);
  put("view", address.view);
  for (const expr of address.queries ?? []) {
    put("expr", expr);
  }
  for (const [name, values] of Object.entries(address.variables ?? {})) {
    for (const value of values) {
      put(`var-${name}`, value);
    }
  }
  const path =
    address.page === "dashboard"
      ? `/d/${encodeURIComponent(address.uid ?? "")}`
      : address.page === undefined || address.page === "home"
        ? "/"
        : `/${address.page}`;
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}
