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
  /** From now on alarms are evaluated, each once per its period: periods that began before do not count. */
  begin(): void;
}

interface Registered {
  alarm: AlarmState;
  onStateChange: OnStateChange;
  isEvaluated: boolean;
}

/** `now`: milliseconds since 1970. */
export function makeAlarmRegistry(metrics: Metrics, now: () => number = Date.now): AlarmRegistry {
  const all: Registered[] = [];
  const timers = new Map<Registered, NodeJS.Timeout>();
  const notifying = new Set<Promise<void>>();

  function schedule(registered: Registered, startedAt: number): void {
    const tick = () => {
      evaluate(registered, startedAt);
      schedule(registered, startedAt);
    };
    timers.set(registered, setTimeout(tick, untilEvaluation(registered.alarm, now())));
  }

  function evaluate({ alarm, onStateChange }: Registered, startedAt: number): void {
    const { state: previousState } = alarm;
    const change = changeOf(alarm, metrics, startedAt, now());
    if (!change) return;
    Object.assign(alarm, change);
    const notified = onStateChange({ ...alarm }, previousState);
    notifying.add(notified);
    void notified.finally(() => notifying.delete(notified));
  }

  return {
    all: () => all.map(({ alarm }) => ({ ...alarm })),
    register(definition, onStateChange, isEvaluated) {
      all.push({ alarm: initial(definition, now()), onStateChange, isEvaluated });
    },
    begin() {
      const startedAt = now();
      for (const each of all.filter(({ isEvaluated }) => isEvaluated)) schedule(each, startedAt);
    },
    async stop() {
      for (const timer of timers.values()) clearTimeout(timer);
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
