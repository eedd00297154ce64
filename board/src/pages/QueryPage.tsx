import { Button, RadioButtonGroup, TimeRangePicker, useTheme2 } from "@grafana/ui";
import { useMemo, useRef, useState } from "react";
import { changeAddress, useAddress } from "../address/useAddress";
import type { PanelJson } from "../dashboard/dashboardJson";
import type { BoardIndex } from "../dashboard/readDashboards";
import { readTimeRange, renderTimeRange, shiftTimeRange } from "../dashboard/timeRange";
import { TablePanel } from "../panels/TablePanel";
import { TimeSeriesPanel } from "../panels/TimeSeriesPanel";
import { type QueryScope, usePanelFrames } from "../panels/usePanelFrames";
import { useSize } from "../panels/useSize";
import { PageHeading } from "./PageHeading";
import { PromqlEditor } from "./PromqlEditor";

const noEvents = [] as const;
const noValues = {};
const graphHeight = 420;
const tableHeight = 480;

export default function QueryPage({ index }: { readonly index: BoardIndex }) {
  const address = useAddress();
  const { queries, view = "graph" } = address;
  const from = address.from ?? "now-1h";
  const to = address.to ?? "now";
  const [runs, setRuns] = useState(0);
  const range = useMemo(() => readTimeRange(from, to), [from, to, runs]);
  const key = queries.join("\n");
  const [draft, setDraft] = useState<{ key: string; texts: readonly string[] }>({
    key,
    texts: queries,
  });
  // The address was changed by something else than typing: a link, or "back".
  const texts = draft.key === key ? draft.texts : queries;
  const shown = texts.length === 0 ? [""] : texts;
  const change = (next: readonly string[]) => setDraft({ key, texts: next });
  const run = (next: readonly string[]) => {
    const asked = next.map((text) => text.trim()).filter((text) => text !== "");
    setDraft({ key: asked.join("\n"), texts: asked });
    changeAddress({ queries: asked });
    setRuns((count) => count + 1);
  };
  return (
    <>
      <PageHeading
        title="Query"
        text="Ask Prometheus in PromQL. Ctrl+Space completes, Shift+Enter runs."
      >
        <TimeRangePicker
          value={range}
          timeZone="browser"
          isOnCanvas
          onChange={(next) => changeAddress(renderTimeRange(next))}
          onChangeTimeZone={() => undefined}
          onMoveBackward={() => changeAddress(shiftTimeRange(range, -1))}
          onMoveForward={() => changeAddress(shiftTimeRange(range, 1))}
          onZoom={() => changeAddress(shiftTimeRange(range, 0))}
        />
      </PageHeading>
      <form
        className="card"
        onSubmit={(event) => {
          event.preventDefault();
          run(shown);
        }}
      >
        {shown.map((text, position) => (
          <div className="query-line" key={position}>
            <PromqlEditor
              value={text}
              label={`Query ${position + 1}`}
              onChange={(next) => change(shown.with(position, next))}
              onRun={(next) => run(shown.with(position, next))}
            />
            {shown.length > 1 && (
              <Button
                variant="secondary"
                icon="times"
                aria-label={`Remove query ${position + 1}`}
                onClick={() => run(shown.toSpliced(position, 1))}
              />
            )}
          </div>
        ))}
        <div className="query-actions">
          <Button type="submit" icon="play">
            Run
          </Button>
          <Button
            type="button"
            variant="secondary"
            icon="plus"
            onClick={() => change([...shown, ""])}
          >
            Add a query
          </Button>
          <RadioButtonGroup
            aria-label="View"
            value={view}
            options={[
              { label: "Graph", value: "graph" as const },
              { label: "Table", value: "table" as const },
            ]}
            onChange={(next) => changeAddress({ view: next })}
          />
        </div>
      </form>
      {queries.length > 0 && (
        <QueryResult
          queries={queries}
          view={view}
          range={range}
          scrapeIntervalSeconds={index.scrapeIntervalSeconds}
        />
      )}
    </>
  );
}

interface QueryResultProps {
  readonly queries: readonly string[];
  readonly view: "graph" | "table";
  readonly range: QueryScope["range"];
  readonly scrapeIntervalSeconds: number;
}

function QueryResult({ queries, view, range, scrapeIntervalSeconds }: QueryResultProps) {
  const theme = useTheme2();
  const body = useRef<HTMLDivElement>(null);
  const { width } = useSize(body);
  const panel = useMemo(() => queryPanel(queries, view), [queries, view]);
  const scope = useMemo(
    () => ({ range, values: noValues, scrapeIntervalSeconds }),
    [range, scrapeIntervalSeconds, panel],
  );
  const data = usePanelFrames(panel, scope, { isSeen: true, width, theme });
  const Content = view === "graph" ? TimeSeriesPanel : TablePanel;
  return (
    <section className="card" aria-label="Result" aria-busy={data.isLoading}>
      <div ref={body} style={{ minHeight: 60 }}>
        {data.error !== undefined && (
          <p className="panel-error" role="alert">
            {data.error}
          </p>
        )}
        {data.error === undefined && data.emptiness !== undefined && (
          <p className="panel-note">
            {data.emptiness === "no series" ? "No data" : "Nothing was measured in this time range"}
          </p>
        )}
        {data.error === undefined &&
          data.emptiness === undefined &&
          data.frames !== undefined &&
          width > 0 && (
            <Content
              key={view}
              panel={panel}
              frames={data.frames}
              range={data.range}
              values={noValues}
              events={noEvents}
              cursorSync={0}
              width={width}
              height={view === "graph" ? graphHeight : tableHeight}
              theme={theme}
              onZoom={(start, end) =>
                changeAddress({ from: String(Math.round(start)), to: String(Math.round(end)) })
              }
            />
          )}
      </div>
    </section>
  );
}

function queryPanel(queries: readonly string[], view: "graph" | "table"): PanelJson {
  const isTable = view === "table";
  return {
    type: isTable ? "table" : "timeseries",
    targets: queries.map((expr, position) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + position),
      expr,
      ...(isTable ? { instant: true, format: "table" as const } : { range: true }),
    })),
    fieldConfig: { defaults: { custom: { lineWidth: 1, fillOpacity: 8 } } },
    options: {
      legend: {
        displayMode: "table",
        placement: "bottom",
        showLegend: true,
        calcs: ["lastNotNull", "max"],
      },
      tooltip: { mode: "multi", sort: "desc" },
    },
  };
}
