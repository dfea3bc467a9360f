import type { Poller } from "../poller";
import { nextState } from "./alarm-state";
import type { AlarmDefinition, Alarms, AlarmState, AlarmStateValue } from "./alarms";
import { datapointsOf } from "./datapoints";
import type { Metrics } from "./metrics";

/** Gets an alarm in its new state. Its failures are its own to report. */
export type OnStateChange = (
  alarm: Readonly<AlarmState>,
  previousState: AlarmStateValue,
) => Promise<void>;

export interface AlarmRegistry extends Alarms, Poller {
  /** Not evaluated: an alarm without any metric that the laptop can have values of. */
  register(alarm: AlarmDefinition, onStateChange: OnStateChange, isEvaluated: boolean): void;
  remove(name: string): void;
  /** From now on alarms are evaluated, each once per its period: periods that began before do not count. */
  begin(): void;
}

interface Registered {
  alarm: AlarmState;
  onStateChange: OnStateChange;
  isEvaluated: boolean;
  timer?: NodeJS.Timeout;
}

/** `now`: milliseconds since 1970. */
export function makeAlarmRegistry(metrics: Metrics, now: () => number = Date.now): AlarmRegistry {
  const all = new Map<string, Registered>();
  const notifying = new Set<Promise<void>>();
  let hasBegun = false;

  function schedule(registered: Registered, startedAt: number): void {
    const tick = () => {
      evaluate(registered, startedAt);
      schedule(registered, startedAt);
    };
    registered.timer = setTimeout(tick, untilEvaluation(registered.alarm, now()));
  }

  function evaluate({ alarm, onStateChange }: Registered, startedAt: number): void {
    const change = changeOf(alarm, metrics, startedAt, now());
    if (!change) return;
    const { state: previousState } = alarm;
    const notified = onStateChange({ ...Object.assign(alarm, change) }, previousState);
    notifying.add(notified);
    void notified.finally(() => notifying.delete(notified));
  }

  return {
    all: () => [...all.values()].map(({ alarm }) => ({ ...alarm })),
    register(definition, onStateChange, isEvaluated) {
      const registered = { alarm: initial(definition, now()), onStateChange, isEvaluated };
      all.set(definition.name, registered);
      if (hasBegun && isEvaluated) schedule(registered, now());
    },
    remove(name) {
      clearTimeout(all.get(name)?.timer);
      all.delete(name);
    },
    begin() {
      hasBegun = true;
      for (const each of all.values()) if (each.isEvaluated) schedule(each, now());
    },
    async stop() {
      for (const { timer } of all.values()) clearTimeout(timer);
      await Promise.all(notifying);
    },
  };
}

type Change = Pick<AlarmState, "state" | "reason" | "stateUpdatedAt">;

function initial(alarm: AlarmDefinition, now: number): AlarmState {
  const reason = "Unchecked: Initial alarm creation";
  return { ...alarm, state: "INSUFFICIENT_DATA", reason, stateUpdatedAt: now };
}

function changeOf(
  alarm: AlarmState,
  metrics: Metrics,
  startedAt: number,
  now: number,
): Change | undefined {
  const datapoints = datapointsOf(alarm, metrics, { startedAt, now });
  const { state = alarm.state, reason } = nextState(datapoints, alarm);
  return state === alarm.state ? undefined : { state, reason, stateUpdatedAt: now };
}

/** A little after the end of its period: what has just happened is then counted. */
function untilEvaluation({ periodSeconds }: AlarmDefinition, now: number): number {
  const period = periodSeconds * 1000;
  return period - (now % period) + Math.min(period / 10, 1000);
}
