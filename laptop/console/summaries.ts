import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { RecordedItem, RecordedWrite } from "../traces/items";
import type { Span } from "../traces/span";
import type { RecordedTrace } from "../traces/traces";
import type { Change, Item, ItemSummary, Trace, TraceSummary, Write } from "./protocol";

export function summaryOf({ id, spans }: RecordedTrace, now: number): TraceSummary {
  const [first] = spans;
  const startedAt = first?.startedAt ?? now;
  const end = Math.max(startedAt, ...spans.map((span) => endOf(span, now)));
  const status = spans.find((span) => span.kind === "request")?.status;
  return {
    id,
    name: first?.name ?? "",
    startedAt,
    milliseconds: Math.round(end - startedAt),
    spans: spans.length,
    troubled: spans.some(isTroubled),
    ...(status !== undefined && { status }),
    open: spans.some(({ milliseconds }) => milliseconds === undefined),
  };
}

function isTroubled(span: Span): boolean {
  return (
    span.trouble !== undefined ||
    (span.kind === "invocation" && span.log.some(({ level }) => /^(?:error|fatal)$/i.test(level)))
  );
}

function endOf({ startedAt, milliseconds }: Span, now: number): number {
  return milliseconds === undefined ? now : startedAt + milliseconds;
}

export function traceOf(
  trace: RecordedTrace,
  itemOf: (id: string) => RecordedItem | undefined,
  now: number,
): Trace {
  const items = [...trace.items].flatMap((id) => itemOf(id) ?? []);
  return {
    ...summaryOf(trace, now),
    timeline: [...trace.spans].sort((one, other) => one.startedAt - other.startedAt),
    items: items.map(({ table, key }) => ({ table, id: keyText(key) })),
  };
}

type Attributes = RecordedItem["key"];

export function itemSummaryOf(recorded: RecordedItem): ItemSummary {
  const { table, key, item, writes, writeCount } = recorded;
  const status = plain(item ?? {})["status"];
  return {
    table,
    id: keyText(key),
    key: Object.fromEntries(
      Object.entries(plain(key)).map(([name, value]) => [name, String(value)]),
    ),
    changedAt: writes.at(-1)?.at ?? 0,
    writes: writeCount,
    deleted: item === undefined,
    ...(typeof status === "string" && { status }),
  };
}

export function itemOf(recorded: RecordedItem, traces: readonly TraceSummary[]): Item {
  return {
    ...itemSummaryOf(recorded),
    attributes: plain(recorded.item ?? {}),
    history: recorded.writes.map(writeOf),
    traces: [...traces],
  };
}

function writeOf({ at, action, caller, invocation, trace, before, after }: RecordedWrite): Write {
  const old = plain(before);
  const now = plain(after);
  const changes = [...new Set([...Object.keys(old), ...Object.keys(now)])].map(
    (attribute): Change => ({
      attribute,
      ...(attribute in old && { before: old[attribute] }),
      ...(attribute in now && { after: now[attribute] }),
    }),
  );
  const { receives, ...by } = invocation ?? {};
  return {
    ...{ at, action, by: caller, ...by, changes },
    ...(receives !== undefined && { receives }),
    ...(trace !== undefined && { trace }),
  };
}

/** The values of a key, as a URL has them: `a%2Fb/7`. */
export function keyText(key: Attributes): string {
  return Object.values(plain(key))
    .map((value) => encodeURIComponent(String(value)))
    .join("/");
}

/** As plain JSON; sets as lists, bytes as base64, and numbers that JavaScript would change as text. */
function plain(attributes: Attributes): Record<string, unknown> {
  const wrapNumbers = (text: string) => (String(Number(text)) === text ? Number(text) : text);
  const values = unmarshall(attributes as Parameters<typeof unmarshall>[0], { wrapNumbers });
  return JSON.parse(JSON.stringify(values, jsonable)) as Record<string, unknown>;
}

function jsonable(_name: string, value: unknown): unknown {
  if (value instanceof Set) return [...(value as Set<unknown>)];
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}
