import type { QueueMessage } from "../../protocol";
import { peek } from "../api";
import { age, duration, pretty } from "../format";
import { useConsole, useLoaded } from "../hooks";
import { traceLink } from "../route";
import { Facts } from "../ui/facts";
import { Mark } from "../ui/mark";
import { Problem } from "../ui/problem";

export function QueuePanel({ name }: { name: string }) {
  const { state } = useConsole();
  const { waiting = 0, inFlight = 0, delayed = 0, oldestSeconds = 0 } = state.queues[name] ?? {};
  const messages = useLoaded(() => peek(name), `${name} ${waiting} ${inFlight} ${delayed}`);
  return (
    <>
      <Facts
        of={[
          ["Waiting", waiting],
          ["In flight", inFlight],
          ["Delayed", delayed],
          ["Oldest", oldestSeconds > 0 ? duration(oldestSeconds * 1000) : undefined],
        ]}
      />
      <section>
        <h3>Messages</h3>
        <Problem of={messages} />
        {messages?.ok && messages.value.length === 0 && <p class="muted">None.</p>}
        <ul class="messages">
          {messages?.ok && messages.value.map((each) => <Message key={each.messageId} {...each} />)}
        </ul>
      </section>
    </>
  );
}

function Message({ messageId, state, body, sentAt, receives, visibleAt, trace }: QueueMessage) {
  const { now } = useConsole();
  return (
    <li>
      <p>
        <Mark tone={state === "waiting" ? "open" : "quiet"}>{state}</Mark>{" "}
        <span class="muted">
          sent {age(sentAt, now)}, received {receives}×
          {visibleAt !== undefined &&
            visibleAt > now &&
            `, visible in ${duration(visibleAt - now)}`}
        </span>{" "}
        {trace && <a href={traceLink(trace)}>trace</a>}
      </p>
      <pre tabIndex={0} aria-label={`Body of ${messageId}`}>
        {pretty(body)}
      </pre>
    </li>
  );
}
