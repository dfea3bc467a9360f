import type { Watched } from "./answers";
import type { UsagePlan } from "./apigateway/usage-plan";
import { type AlarmRegistry, makeAlarmRegistry } from "./cloudwatch/alarm-registry";
import { makeLogGroups } from "./cloudwatch/log-groups";
import { makeMetrics } from "./cloudwatch/metrics";
import { makeObserver, type Observer } from "./cloudwatch/observer";
import { type Activity, makeActivity } from "./console/activity";
import { ACCOUNT_ID } from "./endpoint/emulators";
import type { OnEvent } from "./events";
import { type Iam, makeIam } from "./iam/authorizer";
import { makeFunctions } from "./lambda/functions";
import type { MappedInspection } from "./lambda/inspected-function";
import type { Poller } from "./poller";
import type { Resources } from "./program/resources";
import { makeTracing, type Tracing } from "./traces/tracing";

/** What is known of the account before and while the program is evaluated. */
export interface State extends Watched {
  iam: Iam;
  usagePlans: Map<string, UsagePlan>;
  pollers: Poller[];
  observer: Observer;
  alarms: AlarmRegistry;
  tracing: Tracing;
  activity: Activity;
  /** What the program has registered; undefined before it is evaluated. */
  resources?: Resources;
  onEvent: OnEvent;
  /** Of the server that has the API, the AWS endpoint and the console; empty until it listens. */
  url: string;
  inspection?: MappedInspection | undefined;
  /** What the program exports, once it has run. */
  outputs?: Record<string, unknown>;
}

export function makeState(region: string, onEvent: OnEvent): State {
  const metrics = makeMetrics();
  const observer = makeObserver(metrics);
  const alarms = makeAlarmRegistry(metrics);
  const tracing = makeTracing();
  const activity = makeActivity(tracing.traces);
  return {
    account: { accountId: ACCOUNT_ID, region },
    iam: makeIam(ACCOUNT_ID),
    functions: makeFunctions(),
    logGroups: makeLogGroups(),
    schedules: new Map(),
    usagePlans: new Map(),
    pollers: [alarms],
    metrics,
    observer,
    alarms,
    tracing,
    activity,
    url: "",
    onEvent(event) {
      observer.event(event);
      activity.event(event);
      onEvent(event);
    },
  };
}
