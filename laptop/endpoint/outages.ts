import type { Service } from "../aws-call";
import type { OnEvent } from "../events";
import type { FaultPlan } from "./fault-injection";

/** What an outage does to each try of each call. */
export const OUTAGE_FAULTS = { "cut-off": "connection-reset", throttled: "throttled" } as const;
export type OutageKind = keyof typeof OUTAGE_FAULTS;

/** A service that the stack cannot reach, or that throttles all calls, for so long. */
export interface Outage {
  service: Service;
  kind: OutageKind;
  seconds: number;
}

/** `until`: milliseconds since 1970; Infinity before the seconds count. */
export interface RunningOutage extends Outage {
  until: number;
}

export interface Outages {
  faults: FaultPlan;
  /** From now on the seconds of the first outages count. */
  begin(): void;
  /** One for each service: another one takes the place of the one before. */
  start(outage: Outage): void;
  end(service: Service): void;
  running(): RunningOutage[];
  /** Ends them all, without a word. */
  stop(): void;
}

/** Outages are reported when they start and when they end. Those given are there from the start. */
export function makeOutages(atStart: readonly Outage[], onEvent: OnEvent): Outages {
  const running = new Map<Service, RunningOutage>();
  const timers = new Map<Service, NodeJS.Timeout>();
  for (const outage of atStart) running.set(outage.service, { ...outage, until: Infinity });

  function clear(service: Service): boolean {
    clearTimeout(timers.get(service));
    timers.delete(service);
    return running.delete(service);
  }

  function end(service: Service): void {
    if (clear(service)) onEvent({ kind: "outage", service });
  }

  function start(outage: Outage): void {
    const { service, kind, seconds } = outage;
    clear(service);
    running.set(service, { ...outage, until: Date.now() + seconds * 1000 });
    timers.set(
      service,
      setTimeout(() => end(service), seconds * 1000),
    );
    onEvent({ kind: "outage", service, seconds, ...(kind === "throttled" && { throttled: true }) });
  }

  return {
    faults({ service }) {
      const outage = [...running.values()].find((each) => each.service === service);
      return outage && OUTAGE_FAULTS[outage.kind];
    },
    begin: () => atStart.forEach(start),
    start,
    end,
    running: () => [...running.values()],
    stop: () => [...running.keys()].forEach(clear),
  };
}
