import type { LogLine, Span, Trace } from "../../protocol";
import { groupBy } from "../group-by";
import { makeScale, type Scale } from "./scale";

/** One line of the waterfall: a span, or a line that its invocation logged. */
export type Row = { depth: number; key: string } & ({ span: Span } | { line: LogLine });

/**
 * Children below their parents, log lines among them, each by its time. What an invocation has caused by
 * sending a message comes after all of it: it goes on when that is over.
 */
export function rowsOf(timeline: Span[]): Row[] {
  const spans = new Map(timeline.map((span) => [span.id, span]));
  const above = (span: Span) => (span.parent === undefined ? undefined : spans.get(span.parent));
  const children = groupBy(timeline, (span) => {
    let parent = above(span);
    if (span.kind === "wait" || span.kind === "invocation") {
      while (parent?.kind === "call" || parent?.kind === "invocation") parent = above(parent);
    }
    return parent?.id;
  });
  const below = (parent: string | undefined, depth: number, log: LogLine[]): Row[] => {
    const spans = (children.get(parent) ?? []).map((span) => ({
      at: span.startedAt,
      rows: (): Row[] => [
        { depth, key: span.id, span },
        ...below(span.id, depth + 1, span.kind === "invocation" ? span.log : []),
      ],
    }));
    const lines = log.map((line, index) => ({
      at: line.at,
      rows: (): Row[] => [{ depth, key: `${parent} ${index}`, line }],
    }));
    return [...spans, ...lines].sort((a, b) => a.at - b.at).flatMap(({ rows }) => rows());
  };
  return below(undefined, 0, []);
}

/** A span's name, without what is said beside it. */
export function titleOf(span: Span): string {
  switch (span.kind) {
    case "call":
      return span.resource === "*" ? span.action : `${span.action} ${span.resource}`;
    case "wait":
      return span.receive > 1 ? `in ${span.queue}, receive ${span.receive}` : `in ${span.queue}`;
    case "request":
    case "invocation":
    case "delivery":
      return span.name;
  }
}

export function endOf({ startedAt, milliseconds }: Span, now: number): number {
  return milliseconds === undefined ? Math.max(now, startedAt) : startedAt + milliseconds;
}

/** Where only a message waits, the time is folded. */
export function scaleOf({ timeline }: Trace, now: number): Scale {
  const busy = timeline
    .filter(({ kind }) => kind !== "wait")
    .map((span): [number, number] => [span.startedAt, endOf(span, now)]);
  const all = timeline.map((span): [number, number] => [span.startedAt, endOf(span, now)]);
  return makeScale(all, busy);
}

/** Parts of 100, as a bar is placed by. */
export interface Bar {
  left: number;
  width: number;
}

export function barOf(scale: Scale, from: number, to: number): Bar {
  const left = scale.at(from);
  return { left, width: scale.at(to) - left };
}
