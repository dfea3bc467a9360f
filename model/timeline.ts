const HOUR = 3600;

/** The life's times in seconds, and its counts. Jitter, which only makes backoffs longer, is left out. */
const LIFE = {
  timeout: 30,
  visibility: 180,
  firstBackoff: 10,
  longestBackoff: HOUR,
  maxAttempts: 20,
  /** A message is hidden for at most this long; for a longer wait it is acknowledged. */
  longestHiding: 300,
  /** From the end of a lease to checkAt. */
  grace: 120,
  /** By which the reconciler postpones checkAt. */
  lookAgain: 300,
  reconcileEvery: 60,
  maxReceives: 100,
  retention: 4 * 24 * HOUR,
  /** What a call to a service that is down takes, with the SDK's retries. */
  failedCall: 6,
  work: 0.1,
};

export function backoff(n: number): number {
  return Math.min(LIFE.longestBackoff, LIFE.firstBackoff * 2 ** (n - 1));
}

/** How long a dependency may be down from the first attempt on before an order becomes FAILED. */
export function outlives(maxAttempts: number): number {
  return Array.from({ length: maxAttempts - 1 }, (_, i) => backoff(i + 1)).reduce(
    (a, b) => a + b,
    0,
  );
}

type Result = "returns" | "rejects" | "throws" | "kills";
type Service = "dynamodb" | "sqs" | "sns" | "lambda" | "reconciler";

interface Scenario {
  step?: (time: number, attempt: number) => Result;
  undo?: (time: number, run: number) => Result;
  down?: Partial<Record<Service, number>>;
  isSendLost?: boolean;
  duplicates?: number;
  purgedAt?: number;
  /** Not the design: what fails hides its message again and again, instead of acknowledging it. */
  keepsHiding?: boolean;
}

interface Message {
  sentAt: number;
  receives: number;
  isGone: boolean;
}

/** One order and its messages in virtual time. Down means from the start, for so many seconds. */
export class Timeline {
  readonly order = {
    status: "RECEIVED",
    attempt: 0,
    leaseUntil: 0,
    checkAt: LIFE.grace,
    notifiedAt: undefined as number | undefined,
  };
  readonly counts = {
    steps: 0,
    undos: 0,
    messages: 0,
    receives: 0,
    ofOne: 0,
    parked: 0,
    atOnce: 0,
  };
  #events: { time: number; run: (time: number) => void }[] = [];
  #messages: Message[] = [];

  constructor(private readonly scenario: Scenario) {
    if (scenario.isSendLost !== true) this.#send(0);
    for (let i = 1; i <= (scenario.duplicates ?? 0); i++) this.#send(i);
    const { purgedAt } = scenario;
    if (purgedAt !== undefined) this.#at(purgedAt, () => this.#purge());
    this.#at(LIFE.reconcileEvery - 1, (time) => this.#reconcile(time));
  }

  run(until = 60 * 24 * HOUR): this {
    for (;;) {
      const next = this.#events.shift();
      if (!next || next.time > until) return this;
      next.run(next.time);
    }
  }

  #at(time: number, run: (time: number) => void): void {
    const later = this.#events.findIndex((event) => event.time > time);
    this.#events.splice(later < 0 ? this.#events.length : later, 0, { time, run });
  }

  #isDown(service: Service, time: number): boolean {
    return time < (this.scenario.down?.[service] ?? 0);
  }

  #send(time: number): void {
    const message = { sentAt: time, receives: 0, isGone: false };
    this.#messages = [...this.#messages.filter(({ isGone }) => !isGone), message];
    this.counts.messages++;
    this.counts.atOnce = Math.max(this.counts.atOnce, this.#messages.length);
    this.#at(time, (now) => this.#receive(message, now));
  }

  #purge(): void {
    for (const message of this.#messages) message.isGone = true;
  }

  #hide(message: Message, time: number, seconds: number): void {
    this.#at(time + seconds, (now) => this.#receive(message, now));
  }

  #hideOrAcknowledge(message: Message, time: number, seconds: number): void {
    if (seconds > LIFE.longestHiding) message.isGone = true;
    else this.#hide(message, time, seconds);
  }

  /** What is unexpected hides the message for longer each time. */
  #failed(message: Message, time: number): void {
    const wait = LIFE.firstBackoff * 2 ** (message.receives - 1);
    const failedAt = time + LIFE.failedCall;
    if (this.scenario.keepsHiding === true) {
      this.#hide(message, failedAt, Math.min(LIFE.longestHiding, wait));
    } else this.#hideOrAcknowledge(message, failedAt, wait);
  }

  #receive(message: Message, time: number): void {
    const { counts } = this;
    if (time - message.sentAt > LIFE.retention) message.isGone = true;
    if (message.isGone) return;
    if (this.#isDown("sqs", time)) {
      this.#hide(message, time, 20);
      return;
    }
    if (message.receives >= LIFE.maxReceives) {
      message.isGone = true;
      counts.parked++;
      return;
    }
    message.receives++;
    counts.receives++;
    counts.ofOne = Math.max(counts.ofOne, message.receives);
    if (this.#isDown("lambda", time)) {
      this.#hide(message, time, LIFE.visibility);
      return;
    }
    if (this.#isDown("dynamodb", time)) {
      this.#failed(message, time);
      return;
    }
    this.#decide(message, time);
  }

  #decide(message: Message, time: number): void {
    const { status, attempt, leaseUntil, notifiedAt } = this.order;
    if (notifiedAt !== undefined) message.isGone = true;
    else if (status !== "RECEIVED" && status !== "PROCESSING") this.#notify(message, time);
    else if (leaseUntil > time) this.#hideOrAcknowledge(message, time, leaseUntil - time);
    else if (attempt < LIFE.maxAttempts) this.#runStep(message, time);
    else if (attempt < 2 * LIFE.maxAttempts) this.#giveUp(message, time);
    else this.#end(message, time, "FAILED, the undo failed");
  }

  #claim(time: number): number {
    const { order } = this;
    order.status = "PROCESSING";
    order.attempt++;
    order.leaseUntil = time + LIFE.timeout + backoff(order.attempt);
    order.checkAt = Math.max(order.checkAt, order.leaseUntil + LIFE.grace);
    return order.attempt;
  }

  #runStep(message: Message, time: number): void {
    const attempt = this.#claim(time);
    this.counts.steps++;
    const result = this.scenario.step?.(time, attempt) ?? "returns";
    const end = result === "rejects" ? "REJECTED" : "COMPLETED";
    this.#after(message, time, result, end);
  }

  #giveUp(message: Message, time: number): void {
    this.#claim(time);
    this.counts.undos++;
    const result = this.scenario.undo?.(time, this.counts.undos) ?? "returns";
    this.#after(message, time, result, "FAILED");
  }

  #after(message: Message, received: number, result: Result, end: string): void {
    if (result === "kills") {
      this.#hide(message, received, LIFE.visibility);
      return;
    }
    const { attempt } = this.order;
    this.#at(received + LIFE.work, (time) => {
      if (this.order.attempt !== attempt) {
        this.#decide(message, time);
        return;
      }
      if (this.#isDown("dynamodb", time)) {
        this.#failed(message, time);
        return;
      }
      if (result === "throws") this.#release(message, time);
      else this.#end(message, time, end);
    });
  }

  #release(message: Message, time: number): void {
    const wait = backoff(this.order.attempt);
    this.order.leaseUntil = time + wait;
    this.order.checkAt = this.order.leaseUntil + LIFE.grace;
    this.#hideOrAcknowledge(message, time, wait);
  }

  #end(message: Message, time: number, status: string): void {
    Object.assign(this.order, { status, leaseUntil: 0, checkAt: time + LIFE.grace });
    this.#notify(message, time);
  }

  #notify(message: Message, time: number): void {
    if (this.#isDown("sns", time)) {
      if (this.scenario.keepsHiding === true) this.#failed(message, time);
      else message.isGone = true;
    } else if (this.#isDown("dynamodb", time)) this.#failed(message, time);
    else {
      this.order.notifiedAt = time;
      message.isGone = true;
    }
  }

  #reconcile(time: number): void {
    const { order } = this;
    if (order.notifiedAt !== undefined) return;
    this.#at(time + LIFE.reconcileEvery, (next) => this.#reconcile(next));
    const services = ["reconciler", "lambda", "dynamodb"] as const;
    const isRunning = !services.some((service) => this.#isDown(service, time));
    if (!isRunning || order.checkAt > time) return;
    order.checkAt = time + LIFE.lookAgain;
    if (!this.#isDown("sqs", time)) this.#send(time);
  }
}

const failsUntil = (hours: number, how: Result) => ({
  step: (time: number): Result => (time < hours * HOUR ? how : "returns"),
});
const always = (result: Result) => () => result;
const firstOnly =
  (result: Result) =>
  (_: number, n: number): Result =>
    n === 1 ? result : "returns";
const TEN_HOURS = 10 * HOUR;

const SCENARIOS: [string, Scenario][] = [
  ["nothing goes wrong", {}],
  ["the step throws once", { step: firstOnly("throws") }],
  ["the step's process dies once", { step: firstOnly("kills") }],
  ["the step rejects the order", { step: always("rejects") }],
  ["the step always throws", { step: always("throws") }],
  ["the same, and three duplicates of the message", { step: always("throws"), duplicates: 3 }],
  ["the step always kills its process", { step: always("kills") }],
  [
    "the step always throws, the undo throws once",
    { step: always("throws"), undo: firstOnly("throws") },
  ],
  ["step and undo always throw", { step: always("throws"), undo: always("throws") }],
  ["step and undo always kill their process", { step: always("kills"), undo: always("kills") }],
  ["the step's dependency is down for 1 h", failsUntil(1, "throws")],
  ["the step's dependency is down for 6 h", failsUntil(6, "throws")],
  ["the step's dependency is down for 11 h", failsUntil(11, "throws")],
  ["the step hangs or kills its process for 11 h", failsUntil(11, "kills")],
  ["create-order cannot send the message", { isSendLost: true }],
  [
    "the same, and the reconciler is broken for 5 days",
    { isSendLost: true, down: { reconciler: 120 * HOUR } },
  ],
  ["the queue is purged in the backoff of attempt 4", { step: lateStep, purgedAt: 100 }],
  ["DynamoDB is down for 10 h", { down: { dynamodb: TEN_HOURS } }],
  ["SQS is down for 10 h", { isSendLost: true, down: { sqs: TEN_HOURS } }],
  ["workers are throttled for 10 h", { down: { lambda: TEN_HOURS } }],
  ["workers are throttled for 10 days", { down: { lambda: 240 * HOUR } }],
  ["SNS is down for 1 h", { down: { sns: HOUR } }],
  ["SNS is down for 10 h", { down: { sns: TEN_HOURS } }],
  [
    "SNS is down for 10 h, were its messages hidden again and again",
    { down: { sns: TEN_HOURS }, keepsHiding: true },
  ],
];

function lateStep(_: number, attempt: number): Result {
  return attempt < 5 ? "throws" : "returns";
}

export function timelineReport(): string {
  const rows = SCENARIOS.map(([name, scenario]) => {
    const { order, counts } = new Timeline(scenario).run();
    const { steps, undos, messages, atOnce, receives, ofOne, parked } = counts;
    const cells = [name, order.status, duration(order.notifiedAt), steps, undos, messages];
    return `| ${[...cells, atOnce, `${receives} (${ofOne})`, parked].join(" | ")} |`;
  });
  const bounds = [8, 12, 16, 20, 24].map((n) => `| ${n} | ${duration(outlives(n))} |`);
  return [
    "# One order in time",
    "",
    "By `npm run model -- timeline`, with the life's real times. The message is received at once, at 0 s.",
    "",
    "| what goes wrong | end | notified after | steps | undos | messages | at once | receives (of one message) | parked |",
    "| --- | --- | --: | --: | --: | --: | --: | --: | --: |",
    ...rows,
    "",
    "The dependency of a step may be down for this long from the first attempt on:",
    "",
    "| `maxAttempts` | down for |",
    "| --: | --: |",
    ...bounds,
    "",
  ].join("\n");
}

function duration(seconds: number | undefined): string {
  if (seconds === undefined) return "never";
  if (seconds < 600) return `${seconds.toFixed(0)} s`;
  if (seconds < 2 * HOUR) return `${(seconds / 60).toFixed(0)} min`;
  return `${(seconds / HOUR).toFixed(1)} h`;
}
