import { readFileSync } from "node:fs";
import * as path from "node:path";
import { shortTimes } from "../faults/short-times";
import { type Laptop, startLaptop } from "../harness/laptop";
import { type Override, overriding, queueWith } from "../harness/overrides";
import { copyProject } from "../harness/project-copy";
import type { FaultPlan } from "../laptop/endpoint/fault-injection";
import { type IssuerServer, startIssuerServer } from "./issuer-server";
import { type ProviderServer, startProviderServer } from "./provider-server";

/** A stack on which an incident is played. */
export interface Scene {
  laptop: Laptop;
  provider: ProviderServer;
  issuer: IssuerServer;
  /** Where the operator's commands find the stack. */
  address: string;
  /** From now on calls to AWS fail like this. */
  failCalls: (plan: FaultPlan) => void;
  stop(): Promise<void>;
}

const STEP = readFileSync(path.join(__dirname, "step-with-provider.ts"), "utf8");
/** In the place of the stack's own, key by key. */
const CONFIG = {
  processing: { timeoutSeconds: 4, maxAttempts: 3 },
  alarms: { oldestOverdueSeconds: 8 },
};
/** Seconds in the place of CloudWatch's minutes. */
const ALARM_PERIODS: Record<number, number> = { 60: 2, 300: 4 };
const VISIBILITY_SECONDS = 6;
/** A message that nobody takes is parked after so many deliveries. */
const MAX_RECEIVE_COUNT = 6;

export interface SceneOptions {
  config?: Record<string, unknown>;
  /** Whether callers need tokens: the customers then have those of staff. */
  isClosed?: boolean;
}

const AUTH = {
  issuer: "https://issuer.example.com",
  audience: "orders",
  staffValue: "orders:staff",
};

export async function startScene(options: SceneOptions = {}): Promise<Scene> {
  const copy = copyProject({ "handlers/fulfil-order.ts": STEP });
  const provider = await startProviderServer();
  const issuer = await startIssuerServer();
  let plan: FaultPlan = () => undefined;
  const laptop = await startLaptop({
    directory: copy.directory,
    config: configOf(options),
    ...(options.isClosed && { bearer: { isStaff: true }, standIns: { [AUTH.issuer]: issuer.url } }),
    faults: (call) => plan(call),
    override: overriding(
      shortTimes({
        backoffSeconds: 1,
        firstCheckSeconds: 7,
        nextCheckSeconds: 5,
        reconcileSeconds: 1,
        timeoutSeconds: 9,
      }),
      queueWith(VISIBILITY_SECONDS, MAX_RECEIVE_COUNT),
      shortPeriods,
    ),
  });
  const address = new URL(laptop.output("apiUrl")).origin;
  issuer.target = `${address}/_laptop/issuer`;
  return {
    laptop,
    provider,
    issuer,
    address,
    failCalls(failing) {
      plan = failing;
    },
    async stop() {
      await laptop.stop();
      await provider.stop();
      await issuer.stop();
      copy.remove();
    },
  };
}

function configOf({ config, isClosed }: SceneOptions): Record<string, unknown> {
  const own = { ...CONFIG, ...config, ...(isClosed && { auth: AUTH }) };
  return Object.fromEntries(
    Object.entries(own).map(([key, value]) => [`order-processing:${key}`, value]),
  );
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
