import { fetchLog } from "../api";
import { age, duration } from "../format";
import { useConsole, useLoaded } from "../hooks";
import { Facts } from "../ui/facts";
import { KillButton } from "../ui/kill-button";
import { Log } from "../ui/log";
import { Mark } from "../ui/mark";
import { Problem } from "../ui/problem";

export function FunctionPanel({ name }: { name: string }) {
  const { state } = useConsole();
  const known = state.functions[name];
  const log = useLoaded(() => fetchLog(name), `${name} ${known?.invocations} ${known?.errors}`);
  const { medianMilliseconds: median, maxMilliseconds: longest } = known ?? {};
  return (
    <>
      <Facts
        of={[
          ["Invocations", known?.invocations ?? 0],
          ["Errors", known?.errors ?? 0],
          ["Cold starts", known?.coldStarts ?? 0],
          ["Median", median === undefined ? undefined : duration(median)],
          ["Longest", longest === undefined ? undefined : duration(longest)],
        ]}
      />
      <Environments name={name} />
      <section>
        <h3>Log, newest first</h3>
        <Problem of={log} />
        {log?.ok && log.value.length > 0 && <Log lines={log.value.toReversed()} />}
        {log?.ok && log.value.length === 0 && <p class="muted">No lines yet.</p>}
      </section>
    </>
  );
}

function Environments({ name }: { name: string }) {
  const { state, now } = useConsole();
  const environments = state.functions[name]?.environments ?? [];
  return (
    <section>
      <h3>Execution environments</h3>
      {environments.length === 0 && <p class="muted">None: the next invocation starts cold.</p>}
      <ul class="environments">
        {environments.map(({ pid, busy, startedAt }) => (
          <li key={pid}>
            <code>{pid}</code>
            <Mark tone={busy ? "open" : "quiet"}>{busy ? "busy" : "idle"}</Mark>
            <span class="muted">started {age(startedAt, now)}</span>
            <KillButton name={name} pid={pid} />
          </li>
        ))}
      </ul>
    </section>
  );
}
