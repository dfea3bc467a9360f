/** A FAILED order as the sparse index has it. */
export interface FailedOrder {
  orderId: string;
  failedAt: string;
  failureReason: string;
}

export interface RedriveDeps {
  /** All FAILED orders, oldest first, page by page. */
  failedOrders(): AsyncIterable<FailedOrder[]>;
  /** The status of an order; undefined when there is none. */
  statusOf(orderId: string): Promise<string | undefined>;
  /** Queues up to ten orders; gives the ids of those that could not be queued. */
  enqueueOrders(orderIds: string[]): Promise<string[]>;
  say(line: string): void;
  now(): Date;
}

export interface RedriveOptions {
  /** These orders, or `all` that are FAILED, or `none`: only list them. */
  which: string[] | "all" | "none";
  dryRun: boolean;
}

const BATCH = 10;
const PROGRESS_EVERY = 100;

/**
 * Queues FAILED orders again: a worker takes them from there. Gives false when one that was asked for
 * could not be queued.
 */
export async function redrive(
  deps: RedriveDeps,
  { which, dryRun }: RedriveOptions,
): Promise<boolean> {
  if (which === "none") {
    const count = await list(deps);
    deps.say(`${orders(count)} FAILED${count > 0 ? ". Name those to redrive, or --all." : "."}`);
    return true;
  }
  const chosen = which === "all" ? await listed(deps) : await checked(deps, which);
  const refused = which === "all" ? 0 : which.length - chosen.length;
  if (dryRun) {
    deps.say(`dry run: ${orders(chosen.length)} would be queued again, ${refused} refused.`);
    return refused === 0;
  }
  const lost = await enqueue(deps, chosen);
  const queued = chosen.length - lost;
  deps.say(`${orders(queued)} queued again, ${lost} could not be queued, ${refused} refused.`);
  return lost === 0 && refused === 0;
}

async function list(deps: RedriveDeps, into: string[] = []): Promise<number> {
  for await (const page of deps.failedOrders()) {
    for (const { orderId, failedAt, failureReason } of page) {
      into.push(orderId);
      deps.say(`${orderId}  failed ${age(failedAt, deps.now())} ago  ${failureReason}`);
    }
  }
  return into.length;
}

async function listed(deps: RedriveDeps): Promise<string[]> {
  const orderIds: string[] = [];
  await list(deps, orderIds);
  return orderIds;
}

/** Those of the named orders that are FAILED; says of the others what they are. */
async function checked(deps: RedriveDeps, orderIds: string[]): Promise<string[]> {
  const failed: string[] = [];
  for (const orderId of new Set(orderIds)) {
    const status = await deps.statusOf(orderId);
    if (status === "FAILED") failed.push(orderId);
    else
      deps.say(
        `${orderId}  ${status === undefined ? "there is no such order" : `is ${status}, not FAILED`}`,
      );
  }
  return failed;
}

/** Gives how many could not be queued. */
async function enqueue(deps: RedriveDeps, orderIds: string[]): Promise<number> {
  let lost = 0;
  for (let i = 0; i < orderIds.length; i += BATCH) {
    const batch = orderIds.slice(i, i + BATCH);
    for (const orderId of await deps.enqueueOrders(batch)) {
      lost += 1;
      deps.say(`${orderId}  could not be queued`);
    }
    const done = i + batch.length;
    if (done % PROGRESS_EVERY === 0) deps.say(`${done} of ${orderIds.length} done`);
  }
  return lost;
}

function orders(count: number): string {
  return count === 1 ? "1 order" : `${count} orders`;
}

const UNITS: [string, number][] = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
];

function age(since: string, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 1000));
  const [unit, size] = UNITS.find(([, each]) => seconds >= each) ?? ["s", 1];
  return `${Math.floor(seconds / size)} ${unit}`;
}
