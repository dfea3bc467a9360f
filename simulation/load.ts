import { runHistory } from "./history";
import type { Outage, Plan } from "./plan";
import { CALM } from "./scenarios";

/** What an outage under load comes to. */
export interface LoadResult {
  accepted: number;
  failed: number;
  /** Messages sent by the reconciler. */
  hints: number;
  /** Milliseconds from the end of the outage until no order takes longer than two minutes any more. */
  drainedAfter: number;
  violations: number;
}

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const PER_SECOND = 10;
const WARM_UP_MS = 60 * SECOND;
const LATE_MS = 120 * SECOND;

export interface Load {
  name: string;
  outage: Omit<Outage, "from" | "to">;
  hours: number;
  /** How long orders go on coming after it. */
  hoursAfter: number;
}

/** Ten orders a second through an outage, and long enough after it for the backlog to go. */
export const LOADS: Load[] = [
  {
    name: "DynamoDB, a day",
    outage: { service: "dynamodb", how: "refuses" },
    hours: 24,
    hoursAfter: 1,
  },
  { name: "SQS, a day", outage: { service: "sqs", how: "refuses" }, hours: 24, hoursAfter: 12 },
  { name: "SNS, a day", outage: { service: "sns", how: "refuses" }, hours: 24, hoursAfter: 12 },
  {
    name: "Lambda, a day",
    outage: { service: "lambda", how: "refuses" },
    hours: 24,
    hoursAfter: 1,
  },
  {
    name: "no workers, 4 hours",
    outage: { service: "lambda", how: "refuses", only: "process-order" },
    hours: 4,
    hoursAfter: 3,
  },
];

export async function runLoad({ outage, hours, hoursAfter }: Load): Promise<LoadResult> {
  const to = WARM_UP_MS + hours * HOUR;
  const plan: Plan = {
    ...CALM,
    orders: [],
    stream: { perSecond: PER_SECOND, until: to + hoursAfter * HOUR },
    outages: [{ ...outage, from: WARM_UP_MS, to }],
    faultsUntil: to,
  };
  const { orders, hints, violations } = await runHistory(plan, { everyMinute: true });
  const late = orders.filter(({ createdAt, notifiedAt }) => notifiedAt - createdAt > LATE_MS);
  return {
    accepted: orders.length,
    failed: orders.filter(({ status }) => status === "FAILED").length,
    hints,
    drainedAfter: late.reduce((last, { notifiedAt }) => Math.max(last, notifiedAt - to), 0),
    violations: violations.length,
  };
}
