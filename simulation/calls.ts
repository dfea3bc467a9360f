import { tryMilliseconds } from "../handlers/aws/clients";
import type { Invocation } from "./invocation";
import type { CallFault, Service } from "./plan";
import { MINUTE, type World } from "./world";

/** A call of an invocation to a service, or to whatever else answers with a delay. */
export type MakeCall = <T>(
  invocation: Invocation,
  service: Service,
  what: string,
  perform: () => T,
) => Promise<T>;

/** One call on its way, whatever it is about. */
interface Call {
  /** Such as `process-order order-3/1 2: PutItem 4`. */
  key: string;
  invocation: Invocation;
  service: Service;
  perform: () => unknown;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

type Outcome = { value: unknown } | { error: unknown };

/** After which a service, or Lambda, refuses. */
export const REFUSED_MS = 300;
/** Of the SDK, the first included. */
const TRIES = 3;
const PAUSE_BETWEEN_TRIES_MS = 100;

/** The calls of all invocations, each with what goes wrong with it. */
export function makeCaller(
  { clock, draws, faults, since, trace }: World,
  kill: (invocation: Invocation) => void,
): MakeCall {
  const wayThere = ({ key }: Call) => 1 + Math.floor(draws.of(`there ${key}`) * 20);
  const wayBack = ({ key }: Call) => 1 + Math.floor(draws.of(`back ${key}`) * 5);

  function performAfter(milliseconds: number, call: Call): void {
    clock.after(milliseconds, () => void outcomeOf(call));
  }

  function answerAfter(milliseconds: number, call: Call, outcome: Outcome): void {
    clock.after(milliseconds, () => {
      if (call.invocation.state !== "running") return;
      clock.settled();
      if ("error" in outcome) call.reject(outcome.error);
      else call.resolve(outcome.value as never);
    });
  }

  function performAndAnswer(thereMs: number, call: Call, backMs: (call: Call) => number): void {
    clock.after(thereMs, () => {
      const outcome = outcomeOf(call);
      answerAfter(backMs(call), call, outcome);
    });
  }

  function failAfter(milliseconds: number, call: Call): void {
    answerAfter(milliseconds, call, { error: new Error(`${call.service} does not answer`) });
  }

  const courses: Record<CallFault, (call: Call) => void> = {
    fails: (call) => failAfter(REFUSED_MS, call),
    hangs: (call) => failAfter(TRIES * tryMs(call), call),
    "answer lost"(call) {
      const thereMs = wayThere(call);
      for (let i = 0; i < TRIES; i += 1) performAfter(thereMs + i * tryMs(call), call);
      failAfter(TRIES * tryMs(call), call);
    },
    "answer lost once"(call) {
      performAfter(wayThere(call), call);
      performAndAnswer(wayThere(call) + tryMs(call), call, wayBack);
    },
    late(call) {
      const gaveUpMs = TRIES * tryMs(call);
      performAfter(gaveUpMs + draws.magnitude(`late ${call.key}`, 1000, 10 * MINUTE), call);
      failAfter(gaveUpMs, call);
    },
    "death before": ({ invocation }) => kill(invocation),
    "death after"(call) {
      clock.after(wayThere(call), () => {
        outcomeOf(call);
        kill(call.invocation);
      });
    },
    freeze(call) {
      call.invocation.isZombie = true;
      performAndAnswer(wayThere(call), call, ({ key }) =>
        draws.magnitude(`freeze ${key}`, 30_000, 30 * MINUTE),
      );
    },
  };

  return (invocation, service, what, perform) => {
    invocation.calls += 1;
    const key = `${invocation.key}: ${what} ${invocation.calls}`;
    const fault = faults.ofCall(key, service, since());
    if (fault !== undefined) trace?.(invocation.key, `${what}: ${fault}`);
    return new Promise((resolve, reject) => {
      const call = { key, invocation, service, perform, resolve, reject };
      if (fault === undefined) performAndAnswer(wayThere(call), call, wayBack);
      else courses[fault](call);
    });
  };
}

/** How long one try takes where no answer comes, with the pause after it. */
function tryMs({ invocation }: Call): number {
  return tryMilliseconds(invocation.timeoutMs / 1000) + PAUSE_BETWEEN_TRIES_MS;
}

function outcomeOf({ perform }: Call): Outcome {
  try {
    return { value: perform() };
  } catch (error) {
    return { error };
  }
}
