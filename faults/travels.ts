import { makeAttribution } from "./attribution";
import type { CountedCall, FaultKind } from "../laptop/endpoint/fault-injection";
import { makeLedger } from "./ledger";
import { makeNumbering, type Place } from "./places";
import { faultOf, makeTrip, takeTrip, type Scenario, type Trip } from "./scenarios";
import { shortTimes } from "./short-times";
import { startWatchedStack } from "./stack";

/** What goes wrong on an order's way: the call at this place, with all its retries. */
export interface Fault extends Pick<Place, "caller" | "action" | "n"> {
  kind: FaultKind;
}

export interface FaultyTrip extends Trip {
  fault: Fault | undefined;
  /** The call that went wrong; undefined until then. */
  hit: string | undefined;
}

export const RECONCILE_SECONDS = 1;
/** One fault uses up one attempt at most; another may be lost to a machine that is busy. */
const PROCESSING = { timeoutSeconds: 2, batchSize: 1, maximumConcurrency: 12, maxAttempts: 3 };
const TIMES = shortTimes({
  backoffSeconds: 0.25,
  firstCheckSeconds: 5,
  nextCheckSeconds: 4,
  reconcileSeconds: RECONCILE_SECONDS,
});

/** A stack on which orders travel, each with a fault of its own. `directory`: of the project. */
export async function startTravels(directory: string) {
  const trips = new Map<string, FaultyTrip>();
  const places: Place[] = [];
  const numberOf = makeNumbering();
  const ledger = makeLedger(PROCESSING.maxAttempts);
  const attribution = makeAttribution(ledger);

  function tripsOf(call: CountedCall): { trip: FaultyTrip; n: number }[] {
    if (call.sandboxId === undefined) return [];
    const found = attribution.ordersOf(call).flatMap((orderId) => trips.get(orderId) ?? []);
    return found.map((trip) => ({ trip, n: numberOf(call, trip.orderId) }));
  }

  const stack = await startWatchedStack({
    directory,
    processing: PROCESSING,
    override: TIMES,
    ledger,
    faults(call) {
      const about = tripsOf(call);
      const hit = about.find(({ trip, n }) => isHit(trip, call, n));
      if (!hit) return about.map(({ trip }) => faultOf(trip, call)).find(Boolean);
      hit.trip.hit = call.invocationId;
      return hit.trip.fault?.kind;
    },
    onCall(call, answer, effect) {
      attribution.onCall(call, answer);
      const { caller, action } = call;
      for (const { trip, n } of tripsOf(call)) {
        if (!trip.fault) places.push({ scenario: trip.scenario, caller, action, n, effect });
      }
    },
  });

  return {
    ledger,
    /** The calls on the way of each order that has travelled without a fault. */
    places,
    async travel(scenario: Scenario, fault?: Fault): Promise<FaultyTrip> {
      const trip = { ...makeTrip(scenario), fault, hit: undefined };
      trips.set(trip.orderId, trip);
      await takeTrip(stack, trip);
      return trip;
    },
    settled: (milliseconds: number) => stack.settled(milliseconds),
    stop: () => stack.stop(),
  };
}

export type Travels = Awaited<ReturnType<typeof startTravels>>;

function isHit({ fault, hit }: FaultyTrip, call: CountedCall, n: number): boolean {
  if (hit !== undefined) return hit === call.invocationId;
  return fault?.caller === call.caller && fault.action === call.action && fault.n === n;
}
