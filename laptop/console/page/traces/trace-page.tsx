import type { Trace } from "../../protocol";
import { fetchTrace } from "../api";
import { clock, counted, duration } from "../format";
import { useConsole, useLoaded } from "../hooks";
import { itemLink } from "../route";
import { StatusMark } from "../ui/mark";
import { Problem } from "../ui/problem";
import { TraceMarks } from "./trace-table";
import { Waterfall } from "./waterfall-view";

export function TracePage({ id }: { id: string }) {
  const { state } = useConsole();
  const { spans, milliseconds, open } = state.traces.find((each) => each.id === id) ?? {};
  const trace = useLoaded(() => fetchTrace(id), `${id} ${spans} ${milliseconds} ${open}`);
  return (
    <>
      <p class="crumbs">
        <a href="#/traces">Traces</a> <code class="muted">{id}</code>
      </p>
      <Problem of={trace} />
      {trace?.ok && <Whole trace={trace.value} />}
    </>
  );
}

function Whole({ trace }: { trace: Trace }) {
  return (
    <>
      <header class="heading">
        <h1>{trace.name}</h1>
        <p>
          <StatusMark status={trace.status} /> <TraceMarks trace={trace} />
        </p>
        <p class="muted">
          {duration(trace.milliseconds)}, {counted(trace.timeline.length, "span")}, began at{" "}
          {clock(trace.startedAt)}
        </p>
      </header>
      {trace.items.length > 0 && (
        <p class="written">
          <span class="muted">Wrote</span>
          {trace.items.map(({ table, id }) => (
            <a key={`${table}/${id}`} href={itemLink(table, id)}>
              {table} <code>{id}</code>
            </a>
          ))}
        </p>
      )}
      <Waterfall trace={trace} />
    </>
  );
}
