import type {
  AlarmState,
  FunctionState,
  ItemSummary,
  OutageState,
  QueueState,
  StackDescription,
  TerminalLine,
  TraceSummary,
  Update,
} from "../protocol";

/** All that the updates have said so far. Lists are newest first. */
export interface State {
  functions: Record<string, FunctionState>;
  queues: Record<string, QueueState>;
  /** By edge. */
  flows: Record<string, Flow>;
  outages: OutageState[];
  alarms: AlarmState[];
  traces: TraceSummary[];
  items: ItemSummary[];
  lines: TerminalLine[];
  /** Of updates since the page was opened. */
  updates: number;
}

export interface Flow {
  count: number;
  recent: { at: number; by: number }[];
}

export const EMPTY: State = {
  functions: {},
  queues: {},
  flows: {},
  outages: [],
  alarms: [],
  traces: [],
  items: [],
  lines: [],
  updates: 0,
};

/** Longer lists than this help nobody: the laptop's search finds the older ones. */
const SHOWN = 200;
const RATE_MILLISECONDS = 4000;

export function reduce(state: State, update: Update, limits: StackDescription["limits"]): State {
  const { functions, queues, flows, traces, items, lines } = update.fresh ? EMPTY : state;
  const of = (limit: number) => Math.min(SHOWN, limit);
  return {
    functions: { ...functions, ...byName(update.functions) },
    queues: { ...queues, ...byName(update.queues) },
    flows: { ...flows, ...moved(flows, update) },
    outages: update.outages,
    alarms: update.alarms,
    traces: newest(traces, update.traces, traceKey, (each) => each.startedAt, of(limits.traces)),
    items: newest(items, update.items, itemKey, (each) => each.changedAt, of(limits.items)),
    lines: [...[...update.lines].reverse(), ...lines].slice(0, of(limits.lines)),
    updates: state.updates + 1,
  };
}

/** Things a second, of the last few seconds. */
export function rate(flow: Flow | undefined, now: number): number {
  const recent = flow?.recent.filter(({ at }) => at > now - RATE_MILLISECONDS) ?? [];
  return recent.reduce((sum, { by }) => sum + by, 0) / (RATE_MILLISECONDS / 1000);
}

/** Nobody has sent a request yet: only schedules may have run. */
export function nothingYet({ updates, items, traces }: State): boolean {
  return updates > 0 && items.length === 0 && traces.every(({ status }) => status === undefined);
}

const traceKey = ({ id }: TraceSummary) => id;
export const itemKey = ({ table, id }: ItemSummary) => `${table}/${id}`;

function byName<T extends { name: string }>(states: T[]): Record<string, T> {
  return Object.fromEntries(states.map((each) => [each.name, each]));
}

/** What a fresh update counts has been before: it is no flow of now. */
function moved(flows: Record<string, Flow>, { flows: changed, at, fresh }: Update) {
  const since = at - RATE_MILLISECONDS;
  return Object.fromEntries(
    changed.map(({ edge, count }): [string, Flow] => {
      const { count: before = 0, recent = [] } = flows[edge] ?? {};
      if (fresh) return [edge, { count, recent: [] }];
      const kept = recent.filter((each) => each.at > since);
      return [edge, { count, recent: [...kept, { at, by: count - before }] }];
    }),
  );
}

function newest<T>(
  known: T[],
  changed: T[],
  key: (each: T) => string,
  time: (each: T) => number,
  limit: number,
): T[] {
  if (changed.length === 0) return known;
  const all = new Map([...known, ...changed].map((each) => [key(each), each]));
  return [...all.values()].sort((a, b) => time(b) - time(a)).slice(0, limit);
}
