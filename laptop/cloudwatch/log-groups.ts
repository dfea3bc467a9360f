/** A line of a log: JSON, as CloudWatch Logs keeps it. */
export interface LogEvent {
  /** Milliseconds since 1970. */
  at: number;
  stream: string;
  message: string;
}

/** CloudWatch's log groups, of this stack's lifetime, in memory. */
export interface LogGroups {
  create(name: string): void;
  /** A group that does not exist takes nothing. */
  write(name: string, event: LogEvent): void;
  /** Undefined where there is no such group; oldest first. */
  eventsOf(name: string): readonly LogEvent[] | undefined;
}
