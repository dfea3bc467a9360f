import type { InvocationSpan, Span, Try } from "../../protocol";
import { duration } from "../format";
import { useConsole } from "../hooks";
import type { Scale } from "./scale";
import { type Bar, barOf, endOf } from "./waterfall";

/** A span on the scale of time: its bar, and inside of it its cold start, or each try. */
export function Bars({ span, scale }: { span: Span; scale: Scale }) {
  const { now } = useConsole();
  const bar = barOf(scale, span.startedAt, endOf(span, now));
  const tone = span.trouble === undefined ? "" : " trouble";
  const going = span.milliseconds === undefined ? " going" : "";
  const tried = triesOf(span).length > 0 ? " tried" : "";
  return (
    <span class="track" aria-hidden="true">
      <Box class={`bar ${span.kind}${tone}${going}${tried}`} bar={bar} />
      {span.kind === "invocation" && <Cold span={span} scale={scale} />}
      <Tries span={span} scale={scale} />
    </span>
  );
}

function Cold({ span, scale }: { span: InvocationSpan; scale: Scale }) {
  const { coldMilliseconds = 0, startedAt } = span;
  if (coldMilliseconds === 0) return null;
  return (
    <Box
      class="bar cold-start"
      bar={barOf(scale, startedAt, startedAt + coldMilliseconds)}
      title={`cold start ${duration(coldMilliseconds)}`}
    />
  );
}

/** None where there was one without trouble: its bar says it all. */
function triesOf(span: Span): Try[] {
  if (span.kind !== "call") return [];
  return span.tries.length === 1 && span.trouble === undefined ? [] : span.tries;
}

function Tries({ span, scale }: { span: Span; scale: Scale }) {
  const { now } = useConsole();
  return triesOf(span).map((each) => {
    const end = each.milliseconds === undefined ? now : each.startedAt + each.milliseconds;
    return (
      <Box
        key={each.startedAt}
        class={`try ${each.outcome === "ok" ? "ok" : "bad"}`}
        bar={barOf(scale, each.startedAt, end)}
        title={each.outcome}
      />
    );
  });
}

export function Box(props: { class: string; bar: Bar; title?: string }) {
  const { left, width } = props.bar;
  return (
    <i class={props.class} title={props.title} style={{ left: `${left}%`, width: `${width}%` }} />
  );
}
