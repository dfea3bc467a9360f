import type { HistoryResult } from "./history";
import type { Plan } from "./plan";
import type { PlannedOrder } from "./planned-order";
import type { Part, PlannedStep } from "./program";

/** A sequence of events that once broke a promise, with what is to come of it now. */
export interface Scenario {
  name: string;
  plan: Plan;
  /** What is not as it should be at the end; empty when all is well. */
  deviations: (result: HistoryResult) => string[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The defaults, and nothing goes wrong. */
export const CALM: Plan = {
  seed: 1,
  maxAttempts: 20,
  timeoutSeconds: 30,
  batchSize: 1,
  maximumConcurrency: 5,
  accountConcurrency: 1000,
  clockSkewMs: 0,
  faultRate: 0,
  faultKinds: [],
  orders: [],
  outages: [],
  incidents: [],
  faultsUntil: 0,
};

function planOf(plan: Partial<Plan>): Plan {
  const { outages = [], incidents = [] } = plan;
  const faultsUntil = Math.max(0, ...outages.map(({ to }) => to), ...incidents.map(({ at }) => at));
  return { ...CALM, faultsUntil, ...plan };
}

function order(name: string, fields: Partial<PlannedOrder> = {}): PlannedOrder {
  return {
    name,
    customerId: `customer of ${name}`,
    key: `key-of-${name}-0000`,
    postAt: SECOND,
    repostAt: [],
    patience: 0,
    parts: [],
    step: { kind: "works" },
    undo: { kind: "works" },
    cancelAt: [],
    ...fields,
  };
}

function orders(count: number, fields: Partial<PlannedOrder> = {}): PlannedOrder[] {
  return Array.from({ length: count }, (_, i) =>
    order(`order-${i}`, { postAt: SECOND + i, ...fields }),
  );
}

function step(name: string, fields: Partial<PlannedStep> = {}): PlannedStep {
  const works = { kind: "works" } as const;
  return {
    step: name,
    behaviour: works,
    isLate: true,
    isOptional: false,
    undo: works,
    ...fields,
  };
}

/** Four steps, with a wait in the middle. */
function fourSteps(waitMs: number, fields: Partial<PlannedStep> = {}): Part[] {
  const [a, b, c, d] = ["reserve", "charge", "pick", "ship"].map((name) => step(name, fields));
  const wait = { wait: "pickup", milliseconds: waitMs };
  return [a, b, wait, c, d].filter((part) => part !== undefined);
}

function expect(isTrue: boolean, deviation: string): string[] {
  return isTrue ? [] : [deviation];
}

function allAre(status: string, before: number, { orders: all }: HistoryResult): string[] {
  return all.flatMap(({ name, status: actual, notifiedAt, published }) => [
    ...expect(actual === status, `${name} is ${actual}`),
    ...expect(notifiedAt <= before, `${name} was notified after ${notifiedAt / SECOND} s`),
    ...expect(
      published.length === 1 && published[0] === `${status} in life 0`,
      `${name}: ${published.join(", ")}`,
    ),
  ]);
}

function find({ orders: all }: HistoryResult, name: string) {
  const found = all.find((each) => each.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
}

/** An order with a wait is done to the minute, and was claimed no more often than it needs. */
function afterAWait(name: string, waitMs: number): Scenario {
  return {
    name: `a wait of ${name} goes on within a minute`,
    plan: planOf({ orders: orders(5, { parts: fourSteps(waitMs) }) }),
    deviations: (result) => [
      ...allAre("COMPLETED", waitMs + MINUTE + 2 * SECOND, result),
      ...result.orders.flatMap(({ notifiedAt, claims, kept }) => [
        ...expect(notifiedAt >= waitMs, `notified after ${notifiedAt / SECOND} s`),
        ...expect(claims === 2, `claimed ${claims} times`),
        ...expect(kept.join() === "reserve,charge,pickup,pick,ship", kept.join()),
      ]),
    ],
  };
}

/** Named after the findings that they come from. */
export const SCENARIOS: Scenario[] = [
  ...(["dynamodb", "sns", "sqs", "lambda"] as const).map((service): Scenario => ({
    name: `H1 ${service} is down for 30 minutes after the orders were accepted`,
    plan: planOf({
      orders: orders(20),
      outages: [{ service, from: 1.03 * SECOND, to: 30 * MINUTE, how: "refuses" }],
    }),
    deviations: (result) => allAre("COMPLETED", 40 * MINUTE, result),
  })),
  ...(["dynamodb", "sns", "sqs", "lambda"] as const).map((service): Scenario => ({
    name: `H1 ${service} hangs for three days`,
    plan: planOf({
      orders: orders(5),
      outages: [{ service, from: 1.03 * SECOND, to: 3 * DAY, how: "hangs" }],
    }),
    deviations: (result) => allAre("COMPLETED", 3 * DAY + 15 * MINUTE, result),
  })),
  {
    name: "H2 one of ten orders at once kills its process",
    plan: planOf({
      orders: [...orders(9), order("poison", { step: { kind: "kills", times: Infinity } })],
    }),
    deviations: ({ orders: all, ...rest }) => [
      ...allAre("COMPLETED", 10 * SECOND, {
        ...rest,
        orders: all.filter(({ name }) => name !== "poison"),
      }),
      ...all
        .filter(({ name }) => name === "poison")
        .flatMap(({ status, steps, undos, published }) => [
          ...expect(status === "FAILED", `the poison is ${status}`),
          ...expect(steps === 20, `the poison was tried ${steps} times`),
          ...expect(undos === 1, `the poison was undone ${undos} times`),
          ...expect(published.join() === "FAILED in life 0", published.join()),
        ]),
    ],
  },
  {
    name: "H3 a request repeated in a backlog, and its step's dependency down for 15 minutes",
    plan: planOf({
      orders: [order("order", { repostAt: [200 * SECOND] })],
      outages: [
        { service: "lambda", only: "process-order", from: 0, to: 300 * SECOND, how: "refuses" },
        { service: "step", from: 290 * SECOND, to: 1210 * SECOND, how: "refuses" },
      ],
    }),
    deviations: (result) => allAre("COMPLETED", 1210 * SECOND + 25 * MINUTE, result),
  },
  {
    name: "H3 a step that always fails, and three repeated requests",
    plan: planOf({
      maxAttempts: 5,
      orders: [
        order("order", {
          step: { kind: "throws", times: Infinity },
          repostAt: [10 * SECOND, 100 * SECOND, 200 * SECOND],
        }),
      ],
    }),
    deviations: (result) => [
      ...allAre("FAILED", HOUR, result),
      ...expect(find(result, "order").steps === 5, `${find(result, "order").steps} attempts`),
    ],
  },
  {
    name: "M1 the message was never sent, and the client is gone",
    plan: planOf({
      orders: orders(3),
      outages: [{ service: "sqs", from: 0, to: 30 * SECOND, how: "refuses" }],
    }),
    deviations: (result) => allAre("COMPLETED", 4 * MINUTE, result),
  },
  {
    name: "M1 the queue is purged",
    plan: planOf({
      orders: orders(3),
      outages: [
        { service: "lambda", only: "process-order", from: 0, to: 5 * SECOND, how: "refuses" },
      ],
      incidents: [{ at: 4 * SECOND, what: "purge" }],
    }),
    deviations: (result) => allAre("COMPLETED", 4 * MINUTE, result),
  },
  {
    name: "M1 the table is restored to a moment when the order was open",
    plan: planOf({
      orders: orders(3),
      incidents: [{ at: HOUR, what: "restore", backMs: HOUR - 1.03 * SECOND }],
    }),
    deviations: ({ orders: all }) =>
      all.flatMap(({ name, status, notifiedAt }) => [
        ...expect(status === "COMPLETED", `${name} is ${status}`),
        ...expect(notifiedAt > HOUR, `${name} was not notified anew`),
      ]),
  },
  {
    name: "M1 messages were lost for longer than SQS keeps them",
    plan: planOf({
      orders: orders(3),
      outages: [{ service: "lambda", from: 1.03 * SECOND, to: 15 * DAY, how: "refuses" }],
    }),
    deviations: (result) => allAre("COMPLETED", 15 * DAY + 10 * MINUTE, result),
  },
  {
    name: "M2 a request without a key whose message's answer is lost",
    plan: planOf({
      orders: [order("order", { key: undefined, patience: 3 })],
      outages: [{ service: "sqs", from: 0, to: 2 * SECOND, how: "loses answers" }],
    }),
    deviations: (result) => [
      ...allAre("COMPLETED", 3 * MINUTE, result),
      ...expect(result.orders.length === 1, `${result.orders.length} orders`),
    ],
  },
  {
    name: "M3 a request repeated every second sends one message",
    plan: planOf({
      orders: [
        order("order", { repostAt: Array.from({ length: 60 }, (_, i) => (i + 2) * SECOND) }),
      ],
      outages: [
        { service: "lambda", only: "process-order", from: 0, to: 60 * SECOND, how: "refuses" },
      ],
    }),
    deviations: (result) => [
      ...allAre("COMPLETED", 10 * MINUTE, result),
      ...expect(result.hints <= 1, `${result.hints} messages by the reconciler`),
    ],
  },
  {
    name: "M4 the step is done, and completion is throttled for an hour",
    plan: planOf({
      orders: [order("order")],
      outages: [{ service: "dynamodb", from: 1.035 * SECOND, to: HOUR, how: "refuses" }],
    }),
    deviations: (result) => allAre("COMPLETED", HOUR + 15 * MINUTE, result),
  },
  {
    name: "M4 the step says no",
    plan: planOf({ orders: [order("order", { step: { kind: "rejects" } })] }),
    deviations: (result) => [
      ...allAre("REJECTED", 2 * SECOND, result),
      ...expect(find(result, "order").steps === 1, "it was tried again"),
    ],
  },
  {
    name: "M8 one hiccup of the step costs its backoff",
    plan: planOf({ orders: [order("order", { step: { kind: "throws", times: 1 } })] }),
    deviations: (result) => allAre("COMPLETED", 14 * SECOND, result),
  },
  {
    name: "M8 the step's dependency is down for 11 hours",
    plan: planOf({
      orders: orders(5),
      outages: [{ service: "step", from: 0, to: 11 * HOUR, how: "refuses" }],
    }),
    deviations: (result) => allAre("COMPLETED", 13 * HOUR, result),
  },
  {
    name: "L2 a late message of an earlier life, and a crash in the new one",
    plan: planOf({
      maxAttempts: 2,
      orders: [order("order", { step: { kind: "kills", times: 3 }, repostAt: [20 * SECOND] })],
      incidents: [{ at: 30 * MINUTE, what: "redrive", order: "order" }],
    }),
    deviations: (result) => {
      const { status, redrives, published } = find(result, "order");
      return [
        ...expect(status === "COMPLETED" && redrives === 1, `${status} in life ${redrives}`),
        ...expect(
          published.join() === "FAILED in life 0,COMPLETED in life 1",
          published.join(", "),
        ),
      ];
    },
  },
  {
    name: "L3 clocks up to an hour wrong, and crashes",
    plan: planOf({
      seed: 7,
      clockSkewMs: HOUR,
      orders: orders(20, { step: { kind: "kills", times: 1 } }),
    }),
    deviations: ({ orders: all }) =>
      all.flatMap(({ name, status }) => expect(status === "COMPLETED", `${name} is ${status}`)),
  },
  {
    name: "L4 a call that hangs where a function has two seconds",
    plan: planOf({
      timeoutSeconds: 2,
      orders: orders(5),
      outages: [{ service: "sns", from: 0, to: HOUR, how: "hangs" }],
    }),
    deviations: (result) => [
      ...allAre("COMPLETED", HOUR + 10 * MINUTE, result),
      ...expect(result.hints < 5 * 15, `${result.hints} messages by the reconciler`),
    ],
  },
  {
    name: "L9 live leases make no dead letters",
    plan: planOf({
      timeoutSeconds: 900,
      orders: orders(5, { step: { kind: "kills", times: 3 }, repostAt: [60 * SECOND] }),
    }),
    deviations: (result) => [
      ...expect(result.deadLetters === 0, `${result.deadLetters} dead letters`),
      ...allAre("COMPLETED", 3 * HOUR, result),
    ],
  },
  afterAWait("10 minutes", 10 * MINUTE),
  afterAWait("40 days", 40 * DAY),
  {
    name: "an order that waits for days is cancelled at once",
    plan: planOf({
      orders: orders(5, { parts: fourSteps(3 * DAY), cancelAt: [HOUR, HOUR + SECOND, DAY] }),
    }),
    deviations: (result) => [
      ...allAre("CANCELLED", HOUR + 2 * SECOND, result),
      ...result.orders.flatMap(({ undos, kept }) => [
        ...expect(undos === 1, `undone ${undos} times`),
        ...expect(kept.at(-1) === "undo:reserve", kept.join()),
      ]),
    ],
  },
  {
    name: "an order that nobody has worked on is cancelled at once",
    plan: planOf({
      orders: orders(3, { cancelAt: [2 * SECOND] }),
      outages: [
        { service: "lambda", only: "process-order", from: 0, to: 10 * SECOND, how: "refuses" },
      ],
    }),
    deviations: (result) => [
      ...allAre("CANCELLED", 4 * MINUTE, result),
      ...result.orders.flatMap(({ claims, undos }) =>
        expect(claims + undos === 0, `claimed ${claims} times, undone ${undos} times`),
      ),
    ],
  },
  {
    name: "four steps, and what each depends on is down for 11 hours",
    plan: planOf({
      orders: orders(3, {
        parts: fourSteps(10 * MINUTE, { behaviour: { kind: "throws", times: 19 } }),
      }),
    }),
    deviations: (result) => [
      ...allAre("COMPLETED", 4 * 14 * HOUR, result),
      ...result.orders.flatMap(({ notifiedAt, claims }) => [
        ...expect(notifiedAt > 44 * HOUR, `done after ${notifiedAt / HOUR} h`),
        ...expect(claims === 4 * 19 + 2, `claimed ${claims} times`),
      ]),
    ],
  },
  {
    name: "an undo that never works ends with undoFailed",
    plan: planOf({
      maxAttempts: 5,
      orders: orders(3, {
        parts: fourSteps(0, { undo: { kind: "throws", times: Infinity } }),
        step: { kind: "rejects" },
      }),
    }),
    deviations: (result) => [
      ...allAre("REJECTED", 15 * MINUTE, result),
      ...result.orders.flatMap(({ undos, isUndoFailed }) => [
        ...expect(isUndoFailed, "it does not say that its undo has failed"),
        ...expect(undos === 5, `its undo was tried ${undos} times`),
      ]),
    ],
  },
  {
    name: "cancellations that race with completions have one winner each",
    plan: planOf({
      orders: Array.from({ length: 100 }, (_, i) =>
        order(`order-${i}`, { parts: fourSteps(0), cancelAt: [SECOND + 20 + 2 * i] }),
      ),
      maximumConcurrency: 200,
    }),
    deviations: ({ orders: all }) => {
      const count = (status: string) => all.filter((each) => each.status === status).length;
      const [completed, cancelled] = [count("COMPLETED"), count("CANCELLED")];
      const isRace = completed >= 10 && cancelled >= 10 && completed + cancelled === 100;
      return expect(isRace, `${completed} COMPLETED, ${cancelled} CANCELLED`);
    },
  },
];
