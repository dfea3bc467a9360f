import type { CallFault, Outage, Plan, Service } from "./plan";
import type { Draws } from "./random";

/** Of a message: SQS delivers at least once. Of an invocation: Lambda does not start it. */
export type OtherFault = "duplicated" | "throttled" | "acknowledgement lost";

/** What goes wrong in one history: drawn for each call by its name, so that it can be left out alone. */
export interface Faults {
  ofCall(key: string, service: Service, at: number): CallFault | undefined;
  other(key: string, fault: OtherFault, at: number): boolean;
  outage(service: Service, at: number, fn?: string): Outage | undefined;
  /** The names of all that went wrong, outages aside. */
  happened: string[];
}

const OUTAGE_FAULTS = {
  refuses: "fails",
  hangs: "hangs",
  "loses answers": "answer lost",
} as const;

/** `without`: names of faults that do not happen this time. */
export function makeFaults(plan: Plan, draws: Draws, without: ReadonlySet<string>): Faults {
  const happened: string[] = [];

  function happens(key: string, rate: number, at: number): boolean {
    if (at >= plan.faultsUntil || rate === 0 || draws.of(`fault ${key}`) >= rate) return false;
    if (without.has(key)) return false;
    happened.push(key);
    return true;
  }

  function outage(service: Service, at: number, fn = ""): Outage | undefined {
    return plan.outages.find(
      (each) =>
        each.service === service && at >= each.from && at < each.to && (each.only ?? fn) === fn,
    );
  }

  return {
    happened,
    outage,
    ofCall(key, service, at) {
      const down = outage(service, at);
      if (down) return OUTAGE_FAULTS[down.how];
      return happens(key, plan.faultRate, at)
        ? draws.pick(`kind ${key}`, plan.faultKinds)
        : undefined;
    },
    other: (key, fault, at) => happens(`${key} ${fault}`, plan.faultRate / 3, at),
  };
}
