import type { ComponentChildren } from "preact";
import { clock } from "../format";
import { useConsole } from "../hooks";
import { Mark } from "../ui/mark";

/** Alarms, outages and the terminal. */
export function Overview() {
  const { state, now } = useConsole();
  const alarms = state.alarms.filter((alarm) => alarm.state === "ALARM");
  return (
    <div class="overview">
      <div class="watch">
        <Card title="Alarms" empty={alarms.length === 0 && quiet(state.alarms.length)}>
          {alarms.map(({ name, description, reason }) => (
            <li key={name}>
              <Mark tone="bad">ALARM</Mark> <b>{name}</b>
              <p>{description}</p>
              <p class="muted">{reason}</p>
            </li>
          ))}
        </Card>
        <Card title="Outages" empty={state.outages.length === 0 && <BreakSomething />}>
          {state.outages.map(({ service, kind, until }) => (
            <li key={service}>
              <Mark tone="bad">{kind}</Mark> <b>{service}</b>{" "}
              <span class="muted">for {Math.max(0, Math.ceil((until - now) / 1000))} s</span>{" "}
              <a href="#/break">end it</a>
            </li>
          ))}
        </Card>
      </div>
      <Terminal />
    </div>
  );
}

const quiet = (count: number) =>
  count === 0 ? "The program has none." : `All ${count} are quiet.`;

function BreakSomething() {
  return (
    <>
      None. <a href="#/break">Break something</a>
    </>
  );
}

function Card(props: { title: string; empty: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="card">
      <h2>{props.title}</h2>
      {props.empty ? <p class="muted">{props.empty}</p> : <ul>{props.children}</ul>}
    </section>
  );
}

function Terminal() {
  const { state } = useConsole();
  return (
    <section class="card terminal">
      <h2>Terminal</h2>
      <ol class="log" tabIndex={0} aria-label="Terminal, newest first">
        {state.lines.slice(0, 40).map(({ at, kind, text }) => (
          <li key={`${at} ${text}`}>
            <time>{clock(at).slice(0, 8)}</time> <b>{kind}</b> <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
