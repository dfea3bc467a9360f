import { readFileSync } from "node:fs";
import * as path from "node:path";
import { shortTimes } from "../faults/short-times";
import { type Laptop, startLaptop } from "../harness/laptop";
import { overriding, queueWith, type Override } from "../harness/overrides";
import { copyProject } from "../harness/project-copy";
import type { FaultPlan } from "../laptop/endpoint/fault-injection";
import { type ProviderServer, startProviderServer } from "./provider-server";

/** A stack on which an incident is played. */
export interface Scene {
  laptop: Laptop;
  provider: ProviderServer;
  /** Where the operator's commands find the stack. */
  address: string;
  /** From now on calls to AWS fail like this. */
  failCalls: (plan: FaultPlan) => void;
  stop(): Promise<void>;
}

const STEP = readFileSync(path.join(__dirname, "step-with-provider.ts"), "utf8");
const CONFIG = {
  "order-processing:processing": { timeoutSeconds: 3, maxAttempts: 3 },
  "order-processing:alarms": { oldestOverdueSeconds: 8 },
};
/** Seconds in the place of CloudWatch's minutes. */
const ALARM_PERIODS: Record<number, number> = { 60: 2, 300: 4 };
const VISIBILITY_SECONDS = 4;
const MAX_RECEIVE_COUNT = 3;

export async function startScene(): Promise<Scene> {
  const copy = copyProject({ "handlers/fulfil-order.ts": STEP });
  const provider = await startProviderServer();
  let plan: FaultPlan = () => undefined;
  const laptop = await startLaptop({
    directory: copy.directory,
    config: CONFIG,
    faults: (call) => plan(call),
    override: overriding(
      shortTimes({
        backoffSeconds: 1,
        firstCheckSeconds: 6,
        nextCheckSeconds: 5,
        reconcileSeconds: 1,
      }),
      queueWith(VISIBILITY_SECONDS, MAX_RECEIVE_COUNT),
      shortPeriods,
    ),
  });
  return {
    laptop,
    provider,
    address: new URL(laptop.output("apiUrl")).origin,
    failCalls(failing) {
      plan = failing;
    },
    async stop() {
      await laptop.stop();
      await provider.stop();
      copy.remove();
    },
  };
}

/** The alarms' periods, in the program's proportions. */
const shortPeriods: Override = (registration) => {
  if (registration.type !== "aws:cloudwatch/metricAlarm:MetricAlarm") return registration;
  return { ...registration, inputs: shortened(registration.inputs) as Record<string, unknown> };
};

function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === "period" ? (ALARM_PERIODS[Number(each)] ?? each) : shortened(each),
    ]),
  );
}
