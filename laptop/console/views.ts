import type { Statement } from "../iam/policy-document";
import { MAX_ITEMS, MAX_WRITES } from "../traces/items";
import { MAX_TRACES } from "../traces/traces";
import { MAX_LINES } from "./activity";
import { commandsOf } from "./commands";
import { type ConsoleStack, Refusal } from "./console-stack";
import type { LogLine, QueueMessage, StackDescription } from "./protocol";
import { stackMap } from "./stack-map";
import { itemOf, itemSummaryOf, keyText, summaryOf, traceOf } from "./summaries";

const MAX_LISTED = 100;
const MAX_PEEKED = 20;

export function describe(stack: ConsoleStack): StackDescription {
  const { program, manifest, iam } = stack;
  const contract = stack.contract();
  const policyOf = (name: string): Statement[] =>
    [...(iam.rolesByCaller.get(name)?.policies.values() ?? [])].flat();
  const outputs = Object.entries(stack.stackOutputs());
  return {
    ...{ project: program.project, stack: program.stack },
    outputs: Object.fromEntries(
      outputs.map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    map: stackMap(stack.registeredResources(), policyOf),
    requests: contract?.requests ?? [],
    hasContract: contract !== undefined,
    commands: commandsOf(manifest, stack.awsEndpoint()),
    limits: { traces: MAX_TRACES, items: MAX_ITEMS, writesOfItem: MAX_WRITES, lines: MAX_LINES },
  };
}

export function contractOf({ contract, stackOutputs }: ConsoleStack): object {
  const found = contract();
  if (!found) throw new Refusal(404, "package.json names no laptop.openapi");
  const { apiUrl } = stackOutputs();
  return found.document(typeof apiUrl === "string" ? apiUrl : undefined);
}

export function listTraces({ tracing }: ConsoleStack, search: string) {
  const now = Date.now();
  return [...tracing.traces.all()]
    .reverse()
    .map((trace) => summaryOf(trace, now))
    .filter(({ id, name }) => `${id} ${name}`.includes(search))
    .slice(0, MAX_LISTED);
}

export function showTrace({ tracing }: ConsoleStack, id: string) {
  const trace = tracing.traces.get(id);
  if (!trace) throw new Refusal(404, "this trace is not remembered");
  return traceOf(trace, (each) => tracing.items.get(each), Date.now());
}

export function listItems({ tracing }: ConsoleStack, query: URLSearchParams) {
  const table = query.get("table") ?? "";
  const search = query.get("search") ?? "";
  return [...tracing.items.all()]
    .reverse()
    .map(([, item]) => itemSummaryOf(item))
    .filter((item) => table === "" || item.table === table)
    .filter(({ key }) => Object.values(key).join("/").includes(search))
    .slice(0, MAX_LISTED);
}

export function showItem({ tracing }: ConsoleStack, table: string, id: string) {
  const found = [...tracing.items.all()].find(
    ([, item]) => item.table === table && keyText(item.key) === id,
  );
  if (!found) throw new Refusal(404, "this item is not remembered");
  const [itemId, item] = found;
  const now = Date.now();
  const traces = [...tracing.traces.all()].filter(({ items }) => items.has(itemId)).reverse();
  return itemOf(
    item,
    traces.map((trace) => summaryOf(trace, now)),
  );
}

export async function peekAt(
  { tracing, peek }: ConsoleStack,
  queue: string,
): Promise<QueueMessage[]> {
  const messages = await peek(queue);
  const states = ["waiting", "in flight", "delayed"];
  return states.flatMap((state) =>
    messages
      .filter((message) => message.state === state)
      .slice(0, MAX_PEEKED)
      .map(({ visibleAt, ...message }) => {
        const trace = tracing.messages.contextOf(message.messageId)?.root;
        return {
          ...message,
          ...(visibleAt !== undefined && { visibleAt }),
          ...(trace !== undefined && { trace }),
        };
      }),
  );
}

/** Of all traces that are remembered. */
export function lastLines({ tracing }: ConsoleStack, name: string): LogLine[] {
  // That of a batch is in several.
  const spans = new Set([...tracing.traces.all()].flatMap((trace) => trace.spans));
  return [...spans]
    .flatMap((span) => (span.kind === "invocation" && span.function === name ? span.log : []))
    .sort((one, other) => one.at - other.at)
    .slice(-MAX_LISTED);
}
