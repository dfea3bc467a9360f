import type { OutageKind } from "../../protocol";
import { endOutage, startOutage } from "../api";
import { endOutageCommand, startOutageCommand } from "../commands";
import { useAction, useConsole } from "../hooks";
import { Command } from "../ui/command";
import { Mark } from "../ui/mark";
import { Problem } from "../ui/problem";

const KINDS: [OutageKind, string][] = [
  ["throttled", "Throttle"],
  ["cut-off", "Cut off"],
];

export function ServiceOutage({ service, seconds }: { service: string; seconds: number }) {
  const { state, now } = useConsole();
  const outage = state.outages.find((each) => each.service === service);
  return (
    <div class="service" role="group" aria-label={service}>
      <h3>{service}</h3>
      {outage ? (
        <Mark tone="bad">
          {outage.kind} for {Math.max(0, Math.ceil((outage.until - now) / 1000))} s
        </Mark>
      ) : (
        <Mark tone="ok">available</Mark>
      )}
      <div class="buttons">
        {KINDS.map(([kind, title]) => (
          <StartButton key={kind} service={service} kind={kind} title={title} seconds={seconds} />
        ))}
        <EndButton service={service} disabled={!outage} />
      </div>
      <details>
        <summary>The same as commands</summary>
        {KINDS.map(([kind]) => (
          <Command key={kind} text={startOutageCommand(location.origin, service, kind, seconds)} />
        ))}
        <Command text={endOutageCommand(location.origin, service)} />
      </details>
    </div>
  );
}

interface StartButtonProps {
  service: string;
  kind: OutageKind;
  title: string;
  seconds: number;
}

function StartButton({ service, kind, title, seconds }: StartButtonProps) {
  const { start, busy, result } = useAction(() => startOutage(service, kind, seconds));
  return (
    <>
      <button
        type="button"
        class="danger"
        onClick={start}
        disabled={busy}
        aria-label={`${title} ${service}`}
      >
        {title}
      </button>
      <Problem of={result} />
    </>
  );
}

function EndButton({ service, disabled }: { service: string; disabled: boolean }) {
  const { start, busy, result } = useAction(() => endOutage(service));
  return (
    <>
      <button
        type="button"
        onClick={start}
        disabled={disabled || busy}
        aria-label={`End it for ${service}`}
      >
        End it
      </button>
      <Problem of={result} />
    </>
  );
}
