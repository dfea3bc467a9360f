import type { Send } from "../harness/client";
import type { CountedCall, FaultKind } from "../laptop/endpoint/fault-injection";
import { makeSemaphore } from "../laptop/semaphore";
import { makeAttribution } from "./attribution";
import { type CallSite, makeCallNumbers } from "./call-sites";
import { makeLedger } from "./ledger";
import { faultOf, newRun, runScenario, type Scenario, type ScenarioRun } from "./scenarios";
import { shortTimes } from "./short-times";
import { startWatchedStack, type WatchedStack } from "./stack";

/** The call at this place goes wrong, with all its retries. */
export interface InjectedFault extends Pick<CallSite, "caller" | "action" | "n"> {
  kind: FaultKind;
}

/** One order with a fault of its own; without one it shows the calls that there are. */
export interface FaultCase extends ScenarioRun {
  fault: InjectedFault | undefined;
  /** The invocation whose call went wrong; undefined until then. */
  hit: string | undefined;
}

/** Each one more is a process more, and a busy machine gets none of very many done in time. */
const MAX_POSTS = 8;
export const RECONCILE_SECONDS = 1;
/** One fault uses up one attempt at most; another may be lost to a machine that is busy. */
const PROCESSING = { timeoutSeconds: 2, batchSize: 1, maximumConcurrency: 12, maxAttempts: 3 };
const TIMES = shortTimes({
  backoffSeconds: 0.25,
  firstCheckSeconds: 5,
  nextCheckSeconds: 4,
  reconcileSeconds: RECONCILE_SECONDS,
});

/**
 * A stack on which each order has a fault of its own. `directory`: of the project, where its step leaves
 * files. `send`: see startLaptop.
 */
export async function startFaultRunner(directory: string, send?: Send) {
  const cases = new Map<string, FaultCase>();
  const callSites: CallSite[] = [];
  const numberOf = makeCallNumbers();
  const ledger = makeLedger(PROCESSING.maxAttempts);
  const attribution = makeAttribution(ledger);

  function casesOf(call: CountedCall): { of: FaultCase; n: number }[] {
    if (call.sandboxId === undefined) return [];
    const found = attribution.ordersOf(call).flatMap((orderId) => cases.get(orderId) ?? []);
    return found.map((of) => ({ of, n: numberOf(call, of.orderId) }));
  }

  const watched = await startWatchedStack({
    directory,
    ...(send && { send }),
    processing: PROCESSING,
    override: TIMES,
    ledger,
    faults(call) {
      const about = casesOf(call);
      const hit = about.find(({ of, n }) => isHit(of, call, n))?.of;
      if (!hit) return about.map(({ of }) => faultOf(of, call)).find(Boolean);
      hit.hit = call.invocationId;
      return hit.fault?.kind;
    },
    onCall(call, response, effect) {
      attribution.onCall(call, response);
      const { caller, action } = call;
      for (const { of, n } of casesOf(call)) {
        if (!of.fault) callSites.push({ scenario: of.scenario, caller, action, n, effect });
      }
    },
  });

  const stack = postingInTurn(watched);
  return {
    ledger,
    /** The calls about each order that had no fault. */
    callSites,
    async runCase(scenario: Scenario, fault?: InjectedFault): Promise<FaultCase> {
      const started = { ...newRun(scenario, directory), fault, hit: undefined };
      cases.set(started.orderId, started);
      await runScenario(stack, started);
      return started;
    },
    settled: (milliseconds: number) => stack.settled(milliseconds),
    stop: () => stack.stop(),
  };
}

export type FaultRunner = Awaited<ReturnType<typeof startFaultRunner>>;

function isHit({ fault, hit }: FaultCase, call: CountedCall, n: number): boolean {
  if (hit !== undefined) return hit === call.invocationId;
  return fault?.caller === call.caller && fault.action === call.action && fault.n === n;
}

/** The other requests follow: an order that is to be cancelled at work does not wait for it. */
function postingInTurn(stack: WatchedStack): WatchedStack {
  const places = makeSemaphore(MAX_POSTS);
  return {
    ...stack,
    async postUntilAccepted(...of) {
      const leave = await places.acquire();
      try {
        return await stack.postUntilAccepted(...of);
      } finally {
        leave();
      }
    },
  };
}
