import type { ComponentChildren } from "preact";
import type { CallSpan, Span } from "../../protocol";
import { clock, duration, type Tone } from "../format";
import { nodeLink } from "../route";
import { Facts } from "../ui/facts";
import { Mark, StatusMark } from "../ui/mark";
import { titleOf } from "./waterfall";

/** All that is known of a span. */
export function SpanDetails({ span, cause }: { span: Span; cause: Span | undefined }) {
  const { id, trouble, startedAt, milliseconds } = span;
  return (
    <div class="details">
      <Facts
        of={[
          ["Trouble", trouble && <Mark tone="bad">{trouble}</Mark>],
          ["Began", clock(startedAt)],
          ["Took", milliseconds === undefined ? "still going on" : duration(milliseconds)],
          ...ofKind(span),
          ["Span", <code>{id}</code>],
          ["Caused by", cause && `${cause.kind} ${titleOf(cause)}`],
        ]}
      />
      {span.kind === "call" && <Tries span={span} />}
    </div>
  );
}

function ofKind(span: Span): [string, ComponentChildren][] {
  switch (span.kind) {
    case "request":
      return [["Status", span.status && <StatusMark status={span.status} />]];
    case "invocation":
      return [
        ["Function", <a href={nodeLink(`function:${span.function}`)}>{span.function}</a>],
        ["Request id", <code>{span.requestId}</code>],
        ["Environment", `pid ${span.pid}`],
        ["Start", span.coldMilliseconds ? `cold, ${duration(span.coldMilliseconds)}` : "warm"],
        ["Receives", span.receives],
        ["Log lines", span.log.length],
      ];
    case "call":
      return [
        ["Service", span.service],
        ["Action", span.action],
        ["Resource", <code>{span.resource}</code>],
      ];
    case "wait":
      return [
        ["Queue", <a href={nodeLink(`queue:${span.queue}`)}>{span.queue}</a>],
        ["Message", <code>{span.messageId}</code>],
        ["Receive", span.receive],
      ];
    case "delivery":
      return [
        ["Topic", <a href={nodeLink(`topic:${span.topic}`)}>{span.topic}</a>],
        ["To", span.subscriber],
        ["Delivered", span.delivered ? "yes" : "no"],
      ];
  }
}

/** What a call without trouble got is an answer, such as a refused condition. */
function toneOfTry({ trouble }: CallSpan, outcome: string): Tone {
  if (outcome === "ok") return "ok";
  return outcome === "" || trouble === undefined ? "open" : "bad";
}

function Tries({ span }: { span: CallSpan }) {
  return (
    <table class="tries">
      <thead>
        <tr>
          <th scope="col">Try</th>
          <th scope="col">Began</th>
          <th scope="col">Took</th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        {span.tries.map(({ startedAt, milliseconds, outcome }, index) => (
          <tr key={index}>
            <td>{index + 1}</td>
            <td>+{duration(startedAt - span.startedAt)}</td>
            <td>{milliseconds === undefined ? "…" : duration(milliseconds)}</td>
            <td>
              <Mark tone={toneOfTry(span, outcome)}>{outcome || "going on"}</Mark>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
