import type { MapNode, StackDescription } from "../../protocol";
import { duration, short } from "../format";
import { rate, type State } from "../store";

/** One figure of a node. */
export interface Fact {
  label: string;
  value: string;
  tone?: "bad" | "open";
}

/** At most three: what a node is watched for. */
export function factsOf(node: MapNode, stack: StackDescription, state: State): Fact[] {
  const passed = (end: "from" | "to") =>
    short(
      stack.map.edges
        .filter((edge) => edge[end] === node.id)
        .reduce((sum, { id }) => sum + (state.flows[id]?.count ?? 0), 0),
    );
  switch (node.kind) {
    case "function":
      return functionFacts(state.functions[node.name]);
    case "queue":
      return queueFacts(state.queues[node.name]);
    case "api":
      return [{ label: "requests", value: passed("from") }];
    case "schedule":
      return [{ label: "runs", value: passed("from") }];
    case "topic":
      return [
        { label: "published", value: passed("to") },
        { label: "handed on", value: passed("from") },
      ];
    case "table":
      return [{ label: "calls", value: passed("to") }];
    case "subscriber":
      return [{ label: "received", value: passed("to") }];
  }
}

function functionFacts(known: State["functions"][string] | undefined): Fact[] {
  const { invocations = 0, errors = 0, medianMilliseconds } = known ?? {};
  return [
    { label: "runs", value: short(invocations) },
    { label: "errors", value: short(errors), ...(errors > 0 && { tone: "bad" }) },
    {
      label: "median",
      value: medianMilliseconds === undefined ? "–" : duration(medianMilliseconds),
    },
  ];
}

function queueFacts(known: State["queues"][string] | undefined): Fact[] {
  const { waiting = 0, inFlight = 0, delayed = 0 } = known ?? {};
  return [
    { label: "waiting", value: short(waiting), ...(waiting > 0 && { tone: "open" }) },
    { label: "in flight", value: short(inFlight) },
    { label: "delayed", value: short(delayed) },
  ];
}

const SERVICES: Partial<Record<MapNode["kind"], string>> = {
  table: "dynamodb",
  queue: "sqs",
  topic: "sns",
};

export function outageOf({ kind }: MapNode, { outages }: State) {
  return outages.find(({ service }) => service === SERVICES[kind]);
}

export function flowing(edge: string, state: State, now: number): number {
  return rate(state.flows[edge], now);
}
