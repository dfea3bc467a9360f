import { useConsole } from "./hooks";
import type { Route } from "./route";

const PAGES: [Route["page"], string, string][] = [
  ["map", "#/", "Map"],
  ["traces", "#/traces", "Traces"],
  ["items", "#/items", "Items"],
  ["try", "#/try", "Try"],
  ["break", "#/break", "Break it"],
];

export function Header({ page, connected }: { page: Route["page"]; connected: boolean }) {
  const { stack, state } = useConsole();
  const alarms = state.alarms.filter((alarm) => alarm.state === "ALARM").length;
  return (
    <header class="top">
      <p class="project">
        <b>{stack.project}</b> <span class="muted">{stack.stack}</span>
      </p>
      <nav aria-label="Pages">
        {PAGES.map(([name, href, title]) => (
          <a key={name} href={href} aria-current={name === page ? "page" : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <p class="state">
        {alarms > 0 && (
          <a class="mark bad" href="#/">
            {alarms} in ALARM
          </a>
        )}
        {state.outages.map(({ service, kind }) => (
          <a key={service} class="mark bad" href="#/break">
            {service} {kind}
          </a>
        ))}
        <span role="status" class={`connection ${connected ? "ok" : "bad"}`}>
          {connected ? "live" : "connection lost, trying again"}
        </span>
      </p>
    </header>
  );
}
