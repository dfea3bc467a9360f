import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { isDeepStrictEqual } from "node:util";
import type { Outages } from "../endpoint/outages";
import type { State } from "../state";
import type { Activity } from "./activity";
import type { AlarmState, FunctionState, OutageState, Update } from "./protocol";
import { itemSummaryOf, summaryOf } from "./summaries";

export const TICK_MILLISECONDS = 500;
const KEEP_ALIVE_MILLISECONDS = 15_000;
/** Of traces and of items in one update. */
const MAX_SUMMARIES = 100;

/** How far a page has got. */
interface Cursor {
  traces: number;
  items: number;
  flows: number;
  lines: number;
}

const NOTHING: Cursor = { traces: 0, items: 0, flows: 0, lines: 0 };

export interface Updates {
  /** Streams updates until the page goes. `lastEventId`: of the stream that has broken. */
  stream(response: ServerResponse, lastEventId: string | undefined): void;
  /** All pages forget what they know. */
  restart(): void;
}

export type Watchable = Pick<State, "tracing" | "functions" | "alarms"> & {
  activity: Activity;
  outages: Outages;
};

/** Nothing is done while no page is open: each has a cursor, and gets what has changed since. */
export function makeUpdates(stack: Watchable): Updates {
  let epoch = randomUUID();

  function stream(response: ServerResponse, lastEventId = ""): void {
    const [given, ...numbers] = lastEventId.split(":");
    const [traces = 0, items = 0, flows = 0, lines = 0] = numbers.map(Number);
    let seen = given === epoch ? epoch : undefined;
    let cursor: Cursor = { traces, items, flows, lines };
    let last: unknown;
    let sentAt = 0;
    const tick = () => {
      const fresh = seen !== epoch;
      const { update, next } = updateSince(stack, fresh ? NOTHING : cursor);
      const { at, ...content } = update;
      const isNews = fresh || !isDeepStrictEqual(cursor, next);
      if (!isNews && isDeepStrictEqual(content, last)) {
        if (Date.now() - sentAt > KEEP_ALIVE_MILLISECONDS) {
          sentAt = Date.now();
          response.write(":\n\n");
        }
        return;
      }
      seen = epoch;
      cursor = next;
      last = content;
      sentAt = at;
      const id = [epoch, next.traces, next.items, next.flows, next.lines].join(":");
      response.write(`event: update\nid: ${id}\ndata: ${JSON.stringify({ ...update, fresh })}\n\n`);
    };
    response.write("retry: 1000\n\n");
    const timer = setInterval(tick, TICK_MILLISECONDS);
    response.once("close", () => clearInterval(timer));
    tick();
  }

  return { stream, restart: () => void (epoch = randomUUID()) };
}

function updateSince(
  { tracing, functions, alarms, activity, outages }: Watchable,
  cursor: Cursor,
): { update: Omit<Update, "fresh">; next: Cursor } {
  const at = Date.now();
  const traces = newest([...tracing.traces.all()], cursor.traces);
  const items = newest(
    [...tracing.items.all()].map(([, item]) => item),
    cursor.items,
  );
  const { lines, count } = activity.linesAfter(cursor.lines);
  return {
    update: {
      at,
      functions: [...functions.byArn.values()].map((each) => functionState(each, activity)),
      queues: activity.queueStates,
      flows: [...activity.flows].flatMap(([edge, { count: times, changed }]) =>
        changed > cursor.flows ? [{ edge, count: times }] : [],
      ),
      outages: outages.running().map(outageState),
      alarms: alarms.all().map(({ name, state, description, reason }): AlarmState => ({
        ...{ name, state, description, reason },
      })),
      traces: traces.map((trace) => summaryOf(trace, at)),
      items: items.map(itemSummaryOf),
      lines,
    },
    next: {
      traces: tracing.traces.changes,
      items: tracing.items.changes,
      flows: activity.flowChanges,
      lines: count,
    },
  };
}

/** Those that have changed, the newest first. */
function newest<T extends { changed: number }>(all: readonly T[], since: number): T[] {
  return all
    .filter(({ changed }) => changed > since)
    .sort((one, other) => other.changed - one.changed)
    .slice(0, MAX_SUMMARIES);
}

function functionState(
  { name, environments }: { name: string; environments: () => FunctionState["environments"] },
  activity: Activity,
): FunctionState {
  const { invocations, errors, coldStarts, durations } = activity.of(name);
  const sorted = [...durations].sort((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)];
  const max = sorted.at(-1);
  return {
    ...{ name, invocations, errors, coldStarts },
    environments: environments().map(({ pid, busy, startedAt }) => ({ pid, busy, startedAt })),
    ...(median !== undefined && { medianMilliseconds: median }),
    ...(max !== undefined && { maxMilliseconds: max }),
  };
}

function outageState({ service, kind, until }: OutageState): OutageState {
  return { service, kind, until };
}
