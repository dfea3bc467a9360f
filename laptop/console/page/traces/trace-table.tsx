import type { TraceSummary } from "../../protocol";
import { age, clock, duration } from "../format";
import { useConsole } from "../hooks";
import { traceLink } from "../route";
import { Mark, StatusMark } from "../ui/mark";

export function TraceTable({ traces }: { traces: TraceSummary[] }) {
  return (
    <table class="list">
      <thead>
        <tr>
          <th scope="col">Trace</th>
          <th scope="col">Status</th>
          <th scope="col" class="number">
            Duration
          </th>
          <th scope="col" class="number wide">
            Spans
          </th>
          <th scope="col" class="number">
            Began
          </th>
        </tr>
      </thead>
      <tbody>
        {traces.map((trace) => (
          <Row key={trace.id} trace={trace} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ trace }: { trace: TraceSummary }) {
  const { now } = useConsole();
  const { id, name, status, milliseconds, spans, startedAt } = trace;
  return (
    <tr>
      <td class="title">
        <a href={traceLink(id)}>{name}</a>
        <code class="muted wide">{id}</code>
      </td>
      <td>
        <StatusMark status={status} /> <TraceMarks trace={trace} />
      </td>
      <td class="number">{duration(milliseconds)}</td>
      <td class="number wide">{spans}</td>
      <td class="number muted" title={clock(startedAt)}>
        {age(startedAt, now)}
      </td>
    </tr>
  );
}

export function TraceMarks({ trace }: { trace: TraceSummary }) {
  return (
    <>
      {trace.troubled && <Mark tone="bad">trouble</Mark>}{" "}
      {trace.open && <Mark tone="open">going on</Mark>}
    </>
  );
}
