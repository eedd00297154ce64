import { RefreshPicker, TimeRangePicker } from "@grafana/ui";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { changeAddress, useAddress } from "../address/useAddress";
import { listAnnotations, type TimelineEvent } from "../dashboard/annotations";
import type { AnnotationJson, DashboardJson } from "../dashboard/dashboardJson";
import { parseDuration } from "../dashboard/duration";
import { interpolateText } from "../dashboard/interpolate";
import { layOutSections, type PlacedPanel, type Section } from "../dashboard/layOutSections";
import { type BoardIndex, type DashboardEntry, readDashboard } from "../dashboard/readDashboards";
import { readTimeRange, renderTimeRange, shiftTimeRange } from "../dashboard/timeRange";
import { type Variable, variableValues } from "../dashboard/variables";
import { Notice } from "../frame/Notice";
import { useButtonNames } from "../frame/useButtonNames";
import { useTicks } from "../frame/useTicks";
import { PanelFrame } from "../panels/PanelFrame";
import type { QueryScope } from "../panels/usePanelFrames";
import { DashboardLinks } from "./DashboardLinks";
import { useEvents } from "./useEvents";
import { useVariables } from "./useVariables";
import { VariablePicker } from "./VariablePicker";

interface DashboardPageProps {
  readonly entry: DashboardEntry;
  readonly index: BoardIndex;
}

export function DashboardPage({ entry, index }: DashboardPageProps) {
  const [dashboard, setDashboard] = useState<DashboardJson>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    readDashboard(entry.file).then(setDashboard, (reason: Error) => setError(reason.message));
  }, [entry.file]);
  if (error !== undefined) {
    return <Notice text={error} isError />;
  }
  return dashboard === undefined ? (
    <Notice text="Loading…" />
  ) : (
    <DashboardView dashboard={dashboard} index={index} />
  );
}

const defaultRefreshIntervals = ["5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h"];

function DashboardView({ dashboard, index }: { dashboard: DashboardJson; index: BoardIndex }) {
  const address = useAddress();
  const toolbar = useRef<HTMLDivElement>(null);
  useButtonNames(toolbar);
  const { scrapeIntervalSeconds } = index;
  const from = address.from ?? dashboard.time?.from ?? "now-1h";
  const to = address.to ?? dashboard.time?.to ?? "now";
  const refresh =
    address.refresh ?? (typeof dashboard.refresh === "string" ? dashboard.refresh : "");
  const [ticks, refreshNow] = useTicks(parseDuration(refresh));
  // Each tick moves "now".
  const range = useMemo(() => readTimeRange(from, to), [from, to, ticks]);
  const variables = useVariables(dashboard, address.variables, range);
  const values = useMemo(() => variableValues(variables ?? []), [variables]);
  const scope = useMemo<QueryScope | undefined>(
    () => (variables === undefined ? undefined : { range, values, scrapeIntervalSeconds }),
    [range, values, scrapeIntervalSeconds, variables === undefined],
  );
  const annotations = useMemo(
    () => listAnnotations(dashboard.annotations?.list ?? []),
    [dashboard],
  );
  const [muted, setMuted] = useState<ReadonlySet<string>>(
    () => new Set(annotations.filter(({ enable }) => enable === false).map(({ name }) => name)),
  );
  const events = useEvents(annotations, muted, scope);
  const sections = useMemo(
    () => layOutSections(dashboard.panels ?? [], values),
    [dashboard, values],
  );
  const zoom = useCallback((start: number, end: number) => {
    changeAddress({ from: String(Math.round(start)), to: String(Math.round(end)) });
  }, []);
  useEffect(() => {
    document.title = `${dashboard.title} – Glasshouse`;
  }, [dashboard.title]);
  return (
    <>
      <div className="title-bar">
        <div>
          <h1>{dashboard.title}</h1>
          {Boolean(dashboard.description) && <p>{dashboard.description}</p>}
        </div>
        <div className="toolbar" ref={toolbar}>
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
          <RefreshPicker
            value={refresh}
            tooltip="Refresh"
            isOnCanvas
            intervals={[...(dashboard.timepicker?.refresh_intervals ?? defaultRefreshIntervals)]}
            onRefresh={refreshNow}
            onIntervalChanged={(interval) => changeAddress({ refresh: interval })}
          />
        </div>
      </div>
      <Controls
        dashboard={dashboard}
        index={index}
        variables={variables ?? []}
        annotations={annotations}
        muted={muted}
        onMutedChange={setMuted}
      />
      {scope === undefined ? (
        <Notice text="Asking Prometheus for this dashboard's choices…" />
      ) : (
        <Sections
          sections={sections}
          viewPanel={address.viewPanel}
          scope={scope}
          events={events}
          cursorSync={dashboard.graphTooltip ?? 0}
          onZoom={zoom}
        />
      )}
    </>
  );
}

interface ControlsProps {
  readonly dashboard: DashboardJson;
  readonly index: BoardIndex;
  readonly variables: readonly Variable[];
  readonly annotations: readonly AnnotationJson[];
  readonly muted: ReadonlySet<string>;
  readonly onMutedChange: (muted: ReadonlySet<string>) => void;
}

function Controls(props: ControlsProps) {
  const { dashboard, index, variables, annotations, muted, onMutedChange } = props;
  const shown = variables.filter(({ isShown }) => isShown);
  const switches = annotations.filter(({ hide }) => hide !== true);
  const links = dashboard.links ?? [];
  if (shown.length + switches.length + links.length === 0) {
    return null;
  }
  return (
    <div className="controls">
      {shown.map((variable) => (
        <VariablePicker key={variable.name} variable={variable} />
      ))}
      {switches.map(({ name }) => (
        <label key={name} className="switch">
          <input
            type="checkbox"
            checked={!muted.has(name)}
            onChange={(event) => {
              const next = new Set(muted);
              if (event.target.checked) {
                next.delete(name);
              } else {
                next.add(name);
              }
              onMutedChange(next);
            }}
          />
          {name}
        </label>
      ))}
      <DashboardLinks links={links} dashboard={dashboard} index={index} variables={variables} />
    </div>
  );
}

interface SectionsProps {
  readonly sections: readonly Section[];
  readonly viewPanel: number | undefined;
  readonly scope: QueryScope;
  readonly events: readonly TimelineEvent[];
  readonly cursorSync: number;
  readonly onZoom: (from: number, to: number) => void;
}

function Sections({ sections, viewPanel, ...panelProps }: SectionsProps) {
  const alone =
    viewPanel === undefined
      ? undefined
      : sections.flatMap(({ panels }) => panels).find(({ panel }) => panel.id === viewPanel);
  if (alone !== undefined) {
    return (
      <div className="panel-alone">
        <Panel placed={alone} {...panelProps} />
      </div>
    );
  }
  return sections.map((section) => (
    <SectionView key={section.key} section={section} {...panelProps} />
  ));
}

type PanelsProps = Omit<SectionsProps, "sections" | "viewPanel">;

function SectionView({ section, ...panelProps }: PanelsProps & { readonly section: Section }) {
  const [isOpen, setOpen] = useState(!section.isCollapsed);
  const title = interpolateText(section.title ?? "", {
    ...panelProps.scope.values,
    ...section.repeated,
  });
  return (
    <section aria-label={title === "" ? undefined : title}>
      {section.title !== undefined && (
        <h2 className="row-heading">
          <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden>
              <path d="m4 6 4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.6" />
            </svg>
            {title}
            {!isOpen && <span className="row-count">({section.panels.length} panels)</span>}
          </button>
        </h2>
      )}
      {isOpen && (
        <div className="grid">
          {section.panels.map((placed) => {
            const { x, y, w, h } = placed.position;
            return (
              <div
                key={placed.key}
                className={w <= 6 && h <= 5 ? "grid-item grid-item-small" : "grid-item"}
                style={{
                  gridColumn: `${x + 1} / span ${w}`,
                  gridRow: `${y + 1} / span ${h}`,
                  // On a phone panels are below each other, as high as here.
                  ["--lines" as string]: h,
                }}
              >
                <Panel placed={placed} {...panelProps} />
              </div>
            );
          })}
        </div>
      )}
    </section>
  );
}

function Panel({ placed, scope, ...rest }: PanelsProps & { readonly placed: PlacedPanel }) {
  const own = useMemo<QueryScope>(
    () =>
      Object.keys(placed.repeated).length === 0
        ? scope
        : { ...scope, values: { ...scope.values, ...placed.repeated } },
    [scope, JSON.stringify(placed.repeated)],
  );
  return <PanelFrame placed={placed} scope={own} {...rest} />;
}
