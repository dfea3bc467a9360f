import { useState } from "preact/hooks";
import type { LogLine, Span, Trace } from "../../protocol";
import { duration } from "../format";
import { useConsole } from "../hooks";
import { levelTone } from "../ui/log";
import { Bars, Box } from "./bars";
import type { Scale } from "./scale";
import { SpanDetails } from "./span-details";
import { barOf, type Row, rowsOf, scaleOf, titleOf } from "./waterfall";

export function Waterfall({ trace }: { trace: Trace }) {
  const { now } = useConsole();
  const [open, setOpen] = useState<string>();
  const scale = scaleOf(trace, trace.open ? now : trace.startedAt);
  const toggle = (key: string) => setOpen(key === open ? undefined : key);
  return (
    <section class="waterfall" aria-label="Waterfall">
      <Axis scale={scale} />
      <ol>
        <Guides scale={scale} />
        {rowsOf(trace.timeline).map((row) => (
          <li key={row.key} class={row.key === open ? "open" : ""}>
            {"span" in row ? (
              <SpanRow
                row={row}
                span={row.span}
                cause={trace.timeline.find(({ id }) => id === row.span.parent)}
                scale={scale}
                open={row.key === open}
                toggle={toggle}
              />
            ) : (
              <LineRow depth={row.depth} line={row.line} scale={scale} />
            )}
          </li>
        ))}
      </ol>
      <Legend />
    </section>
  );
}

function Axis({ scale }: { scale: Scale }) {
  return (
    <div class="axis" aria-hidden="true">
      <div class="track">
        {scale.ticks.map(({ at, left }) => (
          <span key={at} style={{ left: `${left}%` }}>
            {at === 0 ? "0" : duration(at)}
          </span>
        ))}
      </div>
    </div>
  );
}

function Guides({ scale }: { scale: Scale }) {
  return (
    <li class="guides" aria-hidden="true">
      <span class="track">
        {scale.ticks.map(({ at, left }) => (
          <i key={at} class="tick" style={{ left: `${left}%` }} />
        ))}
        {scale.folds.map(({ from, to }) => (
          <Box key={from} class="fold" bar={barOf(scale, from, to)} />
        ))}
      </span>
    </li>
  );
}

interface SpanRowProps {
  row: Row;
  span: Span;
  cause: Span | undefined;
  scale: Scale;
  open: boolean;
  toggle: (key: string) => void;
}

function SpanRow({ row, span, cause, scale, open, toggle }: SpanRowProps) {
  return (
    <>
      <button
        type="button"
        class={`span ${span.kind}`}
        aria-expanded={open}
        onClick={() => toggle(row.key)}
      >
        <span class="what" style={{ "--depth": row.depth }}>
          <span class="kind">{kindOf(span)}</span>
          <span class="name">{titleOf(span)}</span>
          {span.trouble !== undefined && <span class="trouble">{span.trouble}</span>}
        </span>
        <Bars span={span} scale={scale} />
        <span class="took">
          {span.milliseconds === undefined ? "…" : duration(span.milliseconds)}
        </span>
      </button>
      {open && <SpanDetails span={span} cause={cause} />}
    </>
  );
}

function kindOf(span: Span): string {
  return span.kind === "call" ? span.service : span.kind;
}

function LineRow({ depth, line, scale }: { depth: number; line: LogLine; scale: Scale }) {
  return (
    <div class={`span line ${levelTone(line.level)}`}>
      <span class="what" style={{ "--depth": depth }}>
        <span class="kind">{line.level.toLowerCase()}</span>
        <span class="name">{line.text}</span>
      </span>
      <span class="track" aria-hidden="true">
        <i class="moment" style={{ left: `${scale.at(line.at)}%` }} />
      </span>
      <span class="took" />
    </div>
  );
}

const LEGEND = ["request", "invocation", "cold start", "call", "wait", "delivery", "trouble"];

function Legend() {
  return (
    <ul class="legend" aria-label="Colours">
      {LEGEND.map((name) => (
        <li key={name}>
          <i class={`bar ${name.replace(" ", "-")}`} /> {name}
        </li>
      ))}
      <li>
        <i class="fold" /> time folded: only waiting
      </li>
    </ul>
  );
}
