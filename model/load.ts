import { Fifo } from "./fifo";

/** Loads of one queue with a number of workers, in seconds; a pause is a time without any worker. */
interface Load {
  name: string;
  ordersPerSecond: number;
  workers: number;
  secondsPerOrder: number;
  /** What a message costs whose order has nothing to be done. */
  secondsPerNeedlessMessage: number;
  pause: { from: number; hours: number };
  hours: number;
  /** All waiting messages are lost when the pause ends. */
  isPurged?: boolean;
}

interface Policy {
  name: string;
  /** From the time an order was put, or was looked at for the nth time, to its checkAt. */
  checkAfter(looks: number): number;
  /** Messages of one run at most, by the visible ones. */
  room(visible: number): number;
  /** Minutes by which the number of visible messages is old. */
  lag: number;
}

const MAXIMUM_CONCURRENCY = 5;
const ROOM = Math.min(3000, 300 * MAXIMUM_CONCURRENCY);

const designed: Policy = {
  name: "the design: tops up",
  checkAfter: (looks) => (looks === 0 ? 120 : 300),
  room: (visible) => Math.max(10, ROOM - visible),
  lag: 0,
};
const POLICIES: Policy[] = [
  designed,
  { ...designed, name: "the same, by a queue length 3 min old", lag: 3 },
  { ...designed, name: "without a bound", room: () => Infinity },
  {
    ...designed,
    name: "without a bound, 15 min, then doubling",
    checkAfter: (looks) => 900 * 2 ** looks,
    room: () => Infinity,
  },
];

const cheap = { secondsPerOrder: 0.04, secondsPerNeedlessMessage: 0.02 };
const usual = { secondsPerOrder: 0.1, secondsPerNeedlessMessage: 0.02 };
const workers = MAXIMUM_CONCURRENCY;

const LOADS: Load[] = [
  {
    name: "half used, pause 1 h",
    ...{ ordersPerSecond: 25, workers, ...usual, pause: { from: 600, hours: 1 }, hours: 12 },
  },
  {
    name: "half used, pause 4 h",
    ...{ ordersPerSecond: 25, workers, ...usual, pause: { from: 600, hours: 4 }, hours: 24 },
  },
  {
    name: "80 % used, pause 4 h",
    ...{ ordersPerSecond: 40, workers, ...usual, pause: { from: 600, hours: 4 }, hours: 48 },
  },
  {
    name: "half used, cheap step, pause 4 h",
    ...{ ordersPerSecond: 62.5, workers, ...cheap, pause: { from: 600, hours: 4 }, hours: 24 },
  },
  {
    name: "half used, pause 1 h, then the queue is purged",
    ...{ ordersPerSecond: 25, workers, ...usual, pause: { from: 600, hours: 1 }, hours: 12 },
    isPurged: true,
  },
];

/** Beyond this the queue is taken to grow for ever. */
const HOPELESS = 5e6;

/** One queue in steps of a second, and the reconciler's runs once a minute. */
export class LoadedQueue {
  orders = 0;
  sent = 0;
  needlessSeconds = 0;
  longest = 0;
  drainedAfter: number | undefined;
  readonly #messages = new Fifo<number>();
  readonly #open = new Set<number>();
  readonly #putAt = new Map<number, number>();
  /** Orders that were looked at n times, by checkAt. */
  readonly #due: Fifo<{ order: number; checkAt: number }>[] = [];
  readonly #lengths: number[] = [];
  #budget = 0;

  constructor(
    private readonly load: Load,
    private readonly policy: Policy,
  ) {}

  get isHopeless(): boolean {
    return this.#messages.length > HOPELESS;
  }

  run(): this {
    const { load } = this;
    const pauseEnds = load.pause.from + load.pause.hours * 3600;
    let arriving = 0;
    for (let time = 0; time < load.hours * 3600 && !this.isHopeless; time++) {
      for (arriving += load.ordersPerSecond; arriving >= 1; arriving--) this.#accept(time);
      if (load.isPurged === true && time === pauseEnds) this.#messages.clear();
      if (time < load.pause.from || time >= pauseEnds) this.#work();
      if (time % 60 !== 59) continue;
      this.#reconcile(time);
      if (time > pauseEnds && this.#isDrained(time)) this.drainedAfter ??= time - pauseEnds;
    }
    return this;
  }

  #accept(time: number): void {
    const order = this.orders++;
    this.#open.add(order);
    this.#putAt.set(order, time);
    this.#messages.push(order);
    this.#lookLater(order, time, 0);
  }

  #lookLater(order: number, time: number, looks: number): void {
    const due = (this.#due[looks] ??= new Fifo());
    due.push({ order, checkAt: time + this.policy.checkAfter(looks) });
  }

  #work(): void {
    const { workers, secondsPerOrder, secondsPerNeedlessMessage } = this.load;
    for (this.#budget += workers; this.#budget > 0;) {
      const order = this.#messages.shift();
      if (order === undefined) break;
      if (this.#open.delete(order)) {
        this.#putAt.delete(order);
        this.#budget -= secondsPerOrder;
      } else {
        this.#budget -= secondsPerNeedlessMessage;
        this.needlessSeconds += secondsPerNeedlessMessage;
      }
    }
    if (this.#messages.length === 0) this.#budget = Math.min(this.#budget, 0);
  }

  #reconcile(time: number): void {
    this.#lengths.push(this.#messages.length);
    const visible = this.#lengths.at(-1 - this.policy.lag) ?? 0;
    for (let room = this.policy.room(visible); room > 0; room--) {
      const next = this.#takeOldestDue(time);
      if (!next) break;
      this.sent++;
      this.#messages.push(next.order);
      this.#lookLater(next.order, time, next.looks + 1);
    }
    this.longest = Math.max(this.longest, this.#messages.length);
  }

  #takeOldestDue(time: number): { order: number; looks: number } | undefined {
    let oldest: { order: number; looks: number; checkAt: number } | undefined;
    for (const [looks, due] of this.#due.entries()) {
      let first = due.peek();
      for (; first && !this.#open.has(first.order); first = due.peek()) due.shift();
      if (first && first.checkAt < (oldest?.checkAt ?? Infinity)) oldest = { ...first, looks };
    }
    if (!oldest || oldest.checkAt > time) return undefined;
    this.#due[oldest.looks]?.shift();
    return oldest;
  }

  /** The next minute's orders wait, and no older ones. */
  #isDrained(time: number): boolean {
    const oldest = this.#putAt.values().next().value ?? time;
    return this.#messages.length < this.load.ordersPerSecond * 60 && time - oldest < 120;
  }
}

export function loadReport(): string {
  const rows = LOADS.flatMap((load) =>
    POLICIES.map((policy) => {
      const queue = new LoadedQueue(load, policy).run();
      const { orders, sent, longest, needlessSeconds } = queue;
      const cells = [load.name, policy.name, number(orders), number(sent), number(longest)];
      return `| ${[...cells, (needlessSeconds / 3600).toFixed(1), drained(queue)].join(" | ")} |`;
    }),
  );
  return [
    "# Does the reconciler make a backlog worse?",
    "",
    "By `npm run model -- load`: one queue, five workers, and a pause in which nothing is worked on.",
    "",
    "| load | reconciler | orders | messages sent by it | longest queue | worker hours for needless messages | drained after (min) |",
    "| --- | --- | --: | --: | --: | --: | --: |",
    ...rows,
    "",
    "Never: stopped at five million messages. With a bound the reconciler changes nothing about how long a",
    "backlog takes; without one, its messages are themselves the backlog.",
    "",
  ].join("\n");
}

function number(value: number): string {
  return value.toLocaleString("en");
}

function drained({ drainedAfter, isHopeless }: LoadedQueue): string {
  if (drainedAfter !== undefined) return (drainedAfter / 60).toFixed(0);
  return isHopeless ? "never" : "not in the time simulated";
}
