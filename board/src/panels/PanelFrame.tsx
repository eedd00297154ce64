import { ErrorBoundaryAlert, Icon, Tooltip, useTheme2 } from "@grafana/ui";
import { type ComponentType, lazy, Suspense, useId, useRef } from "react";
import { renderAddress } from "../address/address";
import { changeAddress, useAddress } from "../address/useAddress";
import type { TimelineEvent } from "../dashboard/annotations";
import type { PlacedPanel } from "../dashboard/layOutSections";
import { interpolateQuery, interpolateText } from "../dashboard/interpolate";
import { Link } from "../frame/Link";
import { BarGaugePanel } from "./BarGaugePanel";
import { GaugePanel } from "./GaugePanel";
import type { PanelProps } from "./panelProps";
import { StatPanel } from "./StatPanel";
import { TablePanel } from "./TablePanel";
import { TimeSeriesPanel } from "./TimeSeriesPanel";
import { type PanelFrames, type QueryScope, usePanelFrames } from "./usePanelFrames";
import { useSeen } from "./useSeen";
import { useSize } from "./useSize";

const panelTypes: Readonly<Record<string, ComponentType<PanelProps>>> = {
  timeseries: TimeSeriesPanel,
  stat: StatPanel,
  gauge: GaugePanel,
  bargauge: BarGaugePanel,
  table: TablePanel,
  text: lazy(() => import("./TextPanel")),
  "state-timeline": lazy(() => import("./StateTimelinePanel")),
  alertlist: lazy(() => import("./AlertListPanel")),
};

/** Panels that are drawn without queries of their own. */
const withoutQueries = new Set(["text", "alertlist"]);

interface PanelFrameProps {
  readonly placed: PlacedPanel;
  readonly scope: QueryScope;
  readonly events: readonly TimelineEvent[];
  readonly cursorSync: number;
  readonly onZoom: PanelProps["onZoom"];
}

/** A panel with its heading, its size, its data and what went wrong with them. */
export function PanelFrame({ placed, scope, events, cursorSync, onZoom }: PanelFrameProps) {
  const { panel } = placed;
  const theme = useTheme2();
  const titleId = useId();
  const frame = useRef<HTMLElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const isSeen = useSeen(frame);
  const size = useSize(body);
  const data = usePanelFrames(panel, scope, { isSeen, width: size.width, theme });
  const title = interpolateText(panel.title ?? "", scope.values);
  const Content = panelTypes[panel.type];
  const hasRoom = size.width > 0 && size.height > 0;
  return (
    <section
      ref={frame}
      className={panel.transparent === true ? "panel panel-transparent" : "panel"}
      aria-labelledby={titleId}
      aria-busy={data.isLoading}
      data-panel-type={panel.type}
    >
      <PanelHeading placed={placed} scope={scope} title={title} titleId={titleId} />
      {data.isLoading && <div className="loading-bar" />}
      <div className="panel-body" ref={body}>
        {Content === undefined ? (
          <p className="panel-note">{`This page cannot draw panels of type "${panel.type}".`}</p>
        ) : (
          hasRoom &&
          (withoutQueries.has(panel.type) || isDrawable(panel.type, data) ? (
            <ErrorBoundaryAlert style="alertbox" title="This panel cannot be drawn">
              <Suspense fallback={null}>
                <Content
                  panel={panel}
                  frames={data.frames ?? []}
                  range={data.range}
                  values={scope.values}
                  events={events}
                  cursorSync={cursorSync}
                  width={size.width}
                  height={size.height}
                  theme={theme}
                  onZoom={onZoom}
                />
              </Suspense>
            </ErrorBoundaryAlert>
          ) : (
            <PanelNote data={data} noValue={panel.fieldConfig?.defaults?.noValue} />
          ))
        )}
      </div>
    </section>
  );
}

function isDrawable(type: string, { frames, emptiness, error }: PanelFrames): boolean {
  return (
    frames !== undefined &&
    error === undefined &&
    (emptiness === undefined || (type === "table" && emptiness === "no values"))
  );
}

function PanelNote({ data, noValue }: { data: PanelFrames; noValue: string | undefined }) {
  if (data.error !== undefined) {
    return (
      <p className="panel-note panel-error" role="alert">
        <Icon name="exclamation-triangle" /> {data.error}
      </p>
    );
  }
  if (data.frames === undefined) {
    return null;
  }
  if (noValue !== undefined && noValue !== "") {
    return <p className="panel-note">{noValue}</p>;
  }
  return (
    <p className="panel-note" data-no-data>
      {data.emptiness === "no values" ? "Nothing was measured in this time range" : "No data"}
    </p>
  );
}

interface HeadingProps {
  readonly placed: PlacedPanel;
  readonly scope: QueryScope;
  readonly title: string;
  readonly titleId: string;
}

function PanelHeading({ placed: { panel }, scope, title, titleId }: HeadingProps) {
  const { viewPanel, theme, from, to } = useAddress();
  const isAlone = viewPanel !== undefined;
  const queries = (panel.targets ?? [])
    .filter(({ hide, expr }) => hide !== true && Boolean(expr))
    // Placeholders of the step stay: the query page has a step of its own.
    .map(({ expr }) => interpolateQuery(expr ?? "", scope.values));
  return (
    <div className="panel-heading">
      <h3 id={titleId} title={title}>
        {title}
      </h3>
      {Boolean(panel.description) && (
        <Tooltip content={interpolateText(panel.description ?? "", scope.values)}>
          <button type="button" className="icon-button" aria-label={`About ${title}`}>
            <Icon name="info-circle" size="sm" />
          </button>
        </Tooltip>
      )}
      {(panel.links ?? []).map((link) => (
        <Link
          key={link.url}
          className="panel-link"
          href={interpolateQuery(link.url ?? "", scope.values)}
          target={link.targetBlank === true ? "_blank" : undefined}
          rel="noreferrer"
        >
          {interpolateText(link.title || link.url || "", scope.values)}
        </Link>
      ))}
      <span className="panel-actions">
        {queries.length > 0 && (
          <Link
            className="icon-button"
            href={renderAddress({ page: "query", queries, from, to, theme })}
            aria-label={`Open the queries of ${title}`}
            title="Open the queries"
          >
            <Icon name="compass" size="sm" />
          </Link>
        )}
        {panel.id !== undefined && (
          <button
            type="button"
            className="icon-button"
            aria-label={isAlone ? "Back to the dashboard" : `Enlarge ${title}`}
            title={isAlone ? "Back to the dashboard" : "Enlarge"}
            onClick={() => changeAddress({ viewPanel: isAlone ? undefined : panel.id })}
          >
            <Icon name={isAlone ? "times" : "eye"} size="sm" />
          </button>
        )}
      </span>
    </div>
  );
}
