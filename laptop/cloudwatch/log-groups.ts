/** A line of a log: JSON, as CloudWatch Logs keeps it. */
export interface LogEvent {
  /** Milliseconds since 1970. */
  at: number;
  stream: string;
  message: string;
}

/** `id` counts up within its group. */
export type StoredLogEvent = LogEvent & { id: number };

/** CloudWatch's log groups, of this stack's lifetime, in memory. */
export interface LogGroups {
  create(name: string): void;
  /** A group that does not exist takes nothing. */
  write(name: string, event: LogEvent): void;
  /** Undefined where there is no such group; oldest first. */
  eventsOf(name: string): readonly StoredLogEvent[] | undefined;
  names(): string[];
  /** `onEvent` gets each event that a group takes from now on. False where there is no such group. */
  watch(name: string, onEvent: (event: LogEvent) => void): boolean;
}

/** Of a group, these many latest events are kept; the oldest tenth is dropped at once. */
export const MAX_LOG_EVENTS = 10_000;

export function makeLogGroups(): LogGroups {
  const groups = new Map<string, ReturnType<typeof makeGroup>>();
  return {
    create(name) {
      if (!groups.has(name)) groups.set(name, makeGroup());
    },
    write: (name, event) => groups.get(name)?.write(event),
    eventsOf: (name) => groups.get(name)?.events,
    names: () => [...groups.keys()],
    watch(name, onEvent) {
      const group = groups.get(name);
      group?.watchers.push(onEvent);
      return group !== undefined;
    },
  };
}

function makeGroup() {
  const events: StoredLogEvent[] = [];
  const watchers: ((event: LogEvent) => void)[] = [];
  let id = 0;
  return {
    events,
    watchers,
    write(event: LogEvent) {
      if (events.length >= MAX_LOG_EVENTS) events.splice(0, MAX_LOG_EVENTS / 10);
      const { at, stream, message } = event;
      // Not a spread: V8 would give each event a hidden class of its own, which is larger than the event.
      events.push({ id: (id += 1), at, stream, message });
      for (const onEvent of watchers) onEvent(event);
    },
  };
}
