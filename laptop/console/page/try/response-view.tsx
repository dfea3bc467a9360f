import type { Result } from "../api";
import { duration, pretty } from "../format";
import { useConsole } from "../hooks";
import { traceLink } from "../route";
import { Facts } from "../ui/facts";
import { StatusMark } from "../ui/mark";
import { Problem } from "../ui/problem";
import type { Answer } from "./send";

export function ResponseView({ result }: { result: Result<Answer> | undefined }) {
  return (
    <section class="response" aria-live="polite" aria-label="Response">
      <Problem of={result} />
      {result?.ok && <Response answer={result.value} />}
    </section>
  );
}

function Response({ answer }: { answer: Answer }) {
  const { state } = useConsole();
  const trace = state.traces.findLast(
    ({ name, startedAt }) => name === answer.name && startedAt >= answer.sentAt,
  );
  return (
    <div class="card">
      <p>
        <StatusMark status={answer.status} />{" "}
        <span class="muted">in {duration(answer.milliseconds)}</span>{" "}
        {trace && <a href={traceLink(trace.id)}>See its trace</a>}
      </p>
      <pre tabIndex={0} aria-label="Body">
        {pretty(answer.body) || "(empty)"}
      </pre>
      <details>
        <summary>Headers</summary>
        <Facts of={answer.headers} />
      </details>
    </div>
  );
}
