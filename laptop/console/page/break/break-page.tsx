import { useState } from "preact/hooks";
import { useConsole } from "../hooks";
import { Command } from "../ui/command";
import { KillButton } from "../ui/kill-button";
import { Mark } from "../ui/mark";
import { ProgramCommandView } from "./program-command";
import { ResetButton } from "./reset-button";
import { ServiceOutage } from "./service-outage";

const SERVICES = ["dynamodb", "sqs", "sns"];

export function BreakPage() {
  const { stack } = useConsole();
  return (
    <>
      <header class="heading">
        <h1>Break it</h1>
        <p class="muted">And see that it mends itself.</p>
      </header>
      <div class="break">
        <Outages />
        <Environments />
        {stack.commands.length > 0 && (
          <section class="card">
            <h2>The program's commands</h2>
            {stack.commands.map((command) => (
              <ProgramCommandView key={command.name} command={command} />
            ))}
          </section>
        )}
        <section class="card">
          <h2>Begin anew</h2>
          <p>All items, messages and traces are forgotten.</p>
          <ResetButton />
        </section>
      </div>
    </>
  );
}

function Outages() {
  const [seconds, setSeconds] = useState(30);
  return (
    <section class="card">
      <h2>Outages</h2>
      <label class="field short">
        <span>Seconds</span>
        <input
          type="number"
          min={1}
          max={3600}
          value={seconds}
          onInput={({ currentTarget }) => setSeconds(Math.max(1, currentTarget.valueAsNumber || 1))}
        />
      </label>
      {SERVICES.map((service) => (
        <ServiceOutage key={service} service={service} seconds={seconds} />
      ))}
    </section>
  );
}

function Environments() {
  const { state } = useConsole();
  const all = Object.values(state.functions).flatMap(({ name, environments }) =>
    environments.map((environment) => ({ name, ...environment })),
  );
  return (
    <section class="card">
      <h2>Kill an execution environment</h2>
      {all.length === 0 && (
        <p class="muted">
          None is running: <a href="#/try">send a request</a>.
        </p>
      )}
      <ul class="environments">
        {all.map(({ name, pid, busy }) => (
          <li key={pid}>
            <span class="name">{name}</span>
            <Mark tone={busy ? "open" : "quiet"}>{busy ? "busy" : "idle"}</Mark>
            <Command text={`kill -9 ${pid}`} />
            <KillButton name={name} pid={pid} />
          </li>
        ))}
      </ul>
    </section>
  );
}
