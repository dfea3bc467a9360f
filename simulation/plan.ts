import { ALL_CANCELLED, failing, mixOf, orderOf, type PlannedOrder } from "./planned-order";
import { type Draws, makeDraws } from "./random";

export const SERVICES = ["dynamodb", "sqs", "sns", "lambda", "step"] as const;
export type Service = (typeof SERVICES)[number];

/**
 * What can go wrong with one call of a function:
 * - `fails`, `hangs`: it is not performed, and fails at once or when all tries have timed out;
 * - `answer lost`: each try is performed, and none of the answers arrives;
 * - `answer lost once`: the same for the first try only: a retry meets its own success;
 * - `late`: it is performed only after its caller has timed out;
 * - `death before`, `death after`: the process is killed before the call, or before its answer;
 * - `freeze`: the answer comes after minutes, to a process that Lambda has given up on.
 */
export const CALL_FAULTS = [
  "fails",
  "hangs",
  "answer lost",
  "answer lost once",
  "late",
  "death before",
  "death after",
  "freeze",
] as const;
export type CallFault = (typeof CALL_FAULTS)[number];

export interface Outage {
  service: Service;
  from: number;
  to: number;
  /**
   * `refuses`: each call fails at once. `hangs`: after all tries have timed out. `loses answers`: calls are
   * performed, and their answers do not arrive. Of Lambda, each of them: it does not start functions
   * (throttling, a broken deploy).
   */
  how: "refuses" | "hangs" | "loses answers";
  /** Of Lambda: this function only. */
  only?: string;
}

/** What operators do, and accidents with the data. */
export interface Incident {
  at: number;
  what: "purge" | "redrive" | "restore" | "restore in place";
  /** Of a redrive: the order's name. */
  order?: string;
  /** Of a redrive: the operator looks this often, in milliseconds, until the order is FAILED. */
  everyMs?: number;
  /** Of a restore: how far back, in milliseconds. */
  backMs?: number;
}

/** Everything that is given before a history begins. Times in milliseconds from its start. */
export interface Plan {
  seed: number;
  maxAttempts: number;
  timeoutSeconds: number;
  batchSize: number;
  maximumConcurrency: number;
  /** Invocations at once in the account. */
  accountConcurrency: number;
  /** Clocks of two invocations differ by up to twice as much. */
  clockSkewMs: number;
  /** The probability that one call, or one invocation, goes wrong. */
  faultRate: number;
  /** The kinds of faults of calls: all of them, or two or three, which then meet each other often. */
  faultKinds: readonly CallFault[];
  orders: PlannedOrder[];
  /** Besides those: one order after another, until then. */
  stream?: { perSecond: number; until: number };
  outages: Outage[];
  incidents: Incident[];
  /** From then on functions have the orders' changed parts. */
  deployAt?: number;
  /** From then on nothing goes wrong any more but the orders' own steps. */
  faultsUntil: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const MIN_ORDERS = 5;

/**
 * What two processes at once can break, aimed at: one of an earlier life wakes up in the next, one releases
 * an order while another's claim of it is on its way, or one works on an order that is being cancelled.
 */
const FREEZING: Partial<Plan> = { faultRate: 0.3, faultKinds: ["freeze", "freeze", "late"] };

/** The history of a seed. */
export function planOf(seed: number): Plan {
  const draws = makeDraws(seed);
  const weather = draws.of("weather");
  const outages = weather < 0.55 ? [] : outagesOf(draws, weather);
  const postsUntil = draws.magnitude("posts until", MINUTE, 20 * MINUTE);
  const aim = draws.of("aim");
  const areLivesMixed = aim < 0.06;
  const isCancellationRaced = aim >= 0.06 && aim < 0.12;
  const isLeaseRaced = aim > 0.95;
  const isAimed = areLivesMixed || isCancellationRaced || isLeaseRaced;
  const mix = isCancellationRaced ? ALL_CANCELLED : mixOf(draws);
  const count = isAimed ? MIN_ORDERS : orderCount(draws, outages);
  const orders = Array.from({ length: count }, (_, i) =>
    orderOf(draws, `order-${i}`, postsUntil, mix),
  );
  const incidents = areLivesMixed
    ? eagerRedrives(draws, orders)
    : incidentsOf(draws, orders, postsUntil);
  const lastEvent = lastOf(orders, outages, incidents);
  return {
    seed,
    maxAttempts: draws.pick("maxAttempts", [1, 2, 3, 3, 5, 20]),
    timeoutSeconds: draws.pick("timeout", [2, 30, 30, 30, 120, 900]),
    batchSize: draws.pick("batch size", [1, 1, 1, 10]),
    maximumConcurrency: draws.pick("concurrency", [2, 5, 5, 20]),
    accountConcurrency: draws.pick("account", [3, 10, 1000, 1000]),
    clockSkewMs: draws.pick("skew", [0, 0, SECOND, 20 * SECOND, 5 * MINUTE, HOUR]),
    faultRate: draws.pick("faults", [0, 0.01, 0.03, 0.1, 0.2]),
    faultKinds: faultKindsOf(draws),
    orders,
    outages,
    incidents,
    ...(mix.changed > 0 && { deployAt: draws.magnitude("deploy", SECOND, postsUntil + HOUR) }),
    faultsUntil: lastEvent + draws.magnitude("faults until", MINUTE, 2 * HOUR),
    ...(isCancellationRaced && FREEZING),
    ...(areLivesMixed && { ...FREEZING, maxAttempts: 1 }),
    ...(isLeaseRaced && { ...FREEZING, maxAttempts: 8, orders: orders.map(failing) }),
  };
}

function lastOf(orders: PlannedOrder[], outages: Outage[], incidents: Incident[]): number {
  return Math.max(
    ...orders.flatMap(({ postAt, repostAt }) => [postAt, ...repostAt]),
    ...outages.map(({ to }) => to),
    ...incidents.map(({ at }) => at),
  );
}

/** Few kinds at a time find what all of them together hide: swarm testing (Groce et al., ISSTA 2012). */
function faultKindsOf(draws: Draws): readonly CallFault[] {
  if (draws.of("all kinds of faults") < 0.5) return CALL_FAULTS;
  return [0, 1, 2].map((i) => draws.pick(`kind of faults ${i}`, CALL_FAULTS));
}

/** Mostly few: 50 say little that 10 do not. Fewest where each will be tried for days. */
function orderCount(draws: Draws, outages: Outage[]): number {
  const isLong = outages.some(({ from, to }) => to - from > HOUR);
  return Math.round(MIN_ORDERS * 10 ** (draws.of("orders") ** (isLong ? 9 : 4)));
}

/** One to three, of one service or of all, mostly short, some for days, overlapping or not. */
function outagesOf(draws: Draws, weather: number): Outage[] {
  const longest = weather < 0.95 ? HOUR : weather < 0.995 ? 8 * HOUR : 3 * DAY;
  const count = draws.between("outages", 1, 3);
  return Array.from({ length: count }, (_, i) => {
    const key = (what: string) => `outage ${i} ${what}`;
    const from = draws.magnitude(key("from"), SECOND, 30 * MINUTE);
    const to = from + draws.magnitude(key("length"), SECOND, longest);
    const how = draws.pick(key("how"), ["refuses", "refuses", "hangs", "loses answers"] as const);
    const service = draws.pick(key("service"), [...SERVICES, "all"] as const);
    const only = draws.pick(key("only"), [
      "",
      "create-order",
      "cancel-order",
      "process-order",
      "reconcile-orders",
    ]);
    const services = service === "all" ? (["dynamodb", "sqs", "sns"] as const) : [service];
    return services.map((each) => ({
      service: each,
      from,
      to,
      how,
      ...(each === "lambda" && only !== "" && { only }),
    }));
  }).flat();
}

function incidentsOf(draws: Draws, orders: PlannedOrder[], postsUntil: number): Incident[] {
  const incidents: Incident[] = [];
  const at = (what: string, upTo: number) => draws.magnitude(what, SECOND, postsUntil + upTo);
  if (draws.of("purge") < 0.1) incidents.push({ at: at("purge at", HOUR), what: "purge" });
  if (draws.of("redrives") < 0.4) {
    for (let i = 0; i < draws.between("redrives count", 1, 6); i += 1) {
      incidents.push({ at: at(`redrive ${i}`, 4 * HOUR), ...redriveOf(draws, i, orders) });
    }
  }
  if (draws.of("restore") < 0.06) {
    const what = draws.pick("restore how", ["restore", "restore in place"] as const);
    const backMs = draws.magnitude("restore back", SECOND, HOUR);
    incidents.push({ at: at("restore at", HOUR), what, backMs });
  }
  return incidents;
}

/** Of any order, mostly refused; or as soon as one is FAILED that will be. */
function redriveOf(draws: Draws, i: number, orders: PlannedOrder[]): Omit<Incident, "at"> {
  const failing = orders.filter(({ step }) => "times" in step && step.times === Infinity);
  const isAwaited = failing.length > 0 && draws.of(`redrive ${i} is awaited`) < 0.7;
  return {
    what: "redrive",
    order: draws.pick(`redrive ${i} of`, isAwaited ? failing : orders).name,
    ...(isAwaited && { everyMs: draws.magnitude(`redrive ${i} every`, 2 * SECOND, 5 * MINUTE) }),
  };
}

/** Each order is redriven soon after it has FAILED, up to three times. */
function eagerRedrives(draws: Draws, orders: PlannedOrder[]): Incident[] {
  return orders.flatMap(({ name, postAt }) =>
    [1, 2, 3].map((i): Incident => {
      const everyMs = draws.magnitude(`${name} redrive ${i} every`, 2 * SECOND, MINUTE);
      return { what: "redrive", at: postAt + i * MINUTE, order: name, everyMs };
    }),
  );
}
