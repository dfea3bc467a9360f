import { Integers } from "./integers";
import { StateSet } from "./state-set";

/**
 * normal: what the system does when nothing goes wrong; fault: what goes wrong; event: what people do,
 * clients and operators. Liveness counts on normal transitions alone.
 */
export type Kind = "normal" | "fault" | "event";

export type Emit<State> = (kind: Kind, label: string, next: State, violation?: string) => void;

export interface Model<State> {
  initial: State;
  wordsPerState: number;
  pack(state: State, words: Int32Array): void;
  unpack(words: Int32Array): State;
  next(state: State, emit: Emit<State>): void;
  /** What is wrong with the state itself, whatever led to it. */
  violation(state: State): string | undefined;
  /** Whether everything promised has happened. From every state a goal must be reachable. */
  isGoal(state: State): boolean;
}

export interface Violation<State> {
  name: string;
  /** A shortest way to it. */
  trace: { label: string; state: State }[];
}

export interface Outcome<State> {
  states: number;
  transitions: number;
  /** Transitions from the initial state to the one that is furthest away. */
  depth: number;
  isTruncated: boolean;
  /** Of a processor, whatever else the machine does. */
  cpuSeconds: number;
  violations: Violation<State>[];
}

export const STUCK = "I1 stuck: without faults no way leads to an end that is notified";

/** Visits every reachable state, breadth first, and names each violation once: the first of a kind. */
export function search<State>(
  model: Model<State>,
  { maxStates = 60e6, until }: { maxStates?: number; until?: string } = {},
): Outcome<State> {
  const started = process.cpuUsage();
  const graph = new Graph(model);
  graph.add(model.initial, 0, "");
  let isTruncated = false;
  for (let number = 0; number < graph.size; number++) {
    if (until !== undefined && graph.violations.has(until)) break;
    if (graph.size > maxStates) {
      isTruncated = true;
      break;
    }
    graph.expand(number);
  }
  const stuck = graph.isExpanded ? graph.findStuck() : undefined;
  if (stuck !== undefined) graph.violations.set(STUCK, { from: stuck });
  return {
    states: graph.size,
    transitions: graph.transitions,
    depth: graph.depthOf(graph.size - 1),
    isTruncated,
    cpuSeconds: cpuSeconds(started),
    violations: [...graph.violations].map(([name, found]) => ({ name, trace: graph.trace(found) })),
  };
}

function cpuSeconds(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

/** A transition that violates something, or a state that does. */
interface Found<State> {
  from: number;
  by?: { label: string; state: State };
}

class Graph<State> {
  readonly violations = new Map<string, Found<State>>();
  transitions = 0;
  readonly #states: StateSet;
  readonly #parents = new Integers();
  readonly #labels = new Integers();
  readonly #labelNames: string[] = [];
  readonly #labelNumbers = new Map<string, number>();
  /** The normal transitions from state n are #targets from #firstTarget n up to #firstTarget n + 1. */
  readonly #targets = new Integers();
  readonly #firstTarget = new Integers();
  readonly #packed: Int32Array;

  constructor(private readonly model: Model<State>) {
    this.#states = new StateSet(model.wordsPerState);
    this.#packed = new Int32Array(model.wordsPerState);
  }

  get size(): number {
    return this.#states.size;
  }

  get isExpanded(): boolean {
    return this.#firstTarget.length === this.size;
  }

  add(state: State, parent: number, label: string): number {
    this.#packed.fill(0);
    this.model.pack(state, this.#packed);
    const { number, isNew } = this.#states.add(this.#packed);
    if (!isNew) return number;
    this.#parents.push(parent);
    this.#labels.push(this.#labelNumber(label));
    const name = this.model.violation(state);
    if (name !== undefined && !this.violations.has(name)) {
      this.violations.set(name, { from: number });
    }
    return number;
  }

  expand(number: number): void {
    this.#firstTarget.push(this.#targets.length);
    this.model.next(this.state(number), (kind, label, state, violation) => {
      this.transitions++;
      if (violation !== undefined && !this.violations.has(violation)) {
        this.violations.set(violation, { from: number, by: { label, state } });
      }
      const target = this.add(state, number, label);
      if (kind === "normal" && target !== number) this.#targets.push(target);
    });
  }

  /**
   * A state from which normal transitions lead to no goal. Goals are mostly found late, so going from
   * the last state to the first a few times settles all of them, without a list of reversed transitions.
   */
  findStuck(): number | undefined {
    this.#firstTarget.push(this.#targets.length);
    const isSettled = new Uint8Array(this.size);
    for (let number = 0; number < this.size; number++) {
      if (this.model.isGoal(this.state(number))) isSettled[number] = 1;
    }
    for (let changed = true; changed;) {
      changed = false;
      for (let number = this.size - 1; number >= 0; number--) {
        if (isSettled[number] === 1 || !this.#leadsTo(number, isSettled)) continue;
        isSettled[number] = 1;
        changed = true;
      }
    }
    const stuck = isSettled.indexOf(0);
    return stuck < 0 ? undefined : stuck;
  }

  #leadsTo(number: number, isSettled: Uint8Array): boolean {
    const end = this.#firstTarget.get(number + 1);
    for (let i = this.#firstTarget.get(number); i < end; i++) {
      if (isSettled[this.#targets.get(i)] === 1) return true;
    }
    return false;
  }

  trace({ from, by }: Found<State>): { label: string; state: State }[] {
    const steps = by ? [by] : [];
    for (let number = from; number > 0; number = this.#parents.get(number)) {
      const label = this.#labelNames[this.#labels.get(number)] ?? "";
      steps.push({ label, state: this.state(number) });
    }
    return steps.reverse();
  }

  depthOf(number: number): number {
    let depth = 0;
    for (let at = number; at > 0; at = this.#parents.get(at)) depth++;
    return depth;
  }

  state(number: number): State {
    this.#states.read(number, this.#packed);
    return this.model.unpack(this.#packed);
  }

  #labelNumber(label: string): number {
    const known = this.#labelNumbers.get(label);
    if (known !== undefined) return known;
    this.#labelNumbers.set(label, this.#labelNames.length);
    return this.#labelNames.push(label) - 1;
  }
}
