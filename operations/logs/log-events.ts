import {
  type CloudWatchLogsClient,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";

/** A line of a log group; milliseconds since 1970. */
export interface LogLine {
  at: number;
  message: string;
}

export interface LogQuery {
  /** In CloudWatch's filter syntax. */
  pattern: string;
  from: number;
}

/** Of one log group; a person reads no more. */
const MAX_EVENTS = 10_000;

/** Oldest first, 10,000 at most. A page may be empty, and others follow. */
export async function logEvents(
  client: CloudWatchLogsClient,
  logGroupName: string,
  { pattern, from }: LogQuery,
): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  const query = { logGroupName, filterPattern: pattern, startTime: from };
  for await (const { events = [] } of paginateFilterLogEvents({ client }, query)) {
    lines.push(...events.map(({ timestamp = 0, message = "" }) => ({ at: timestamp, message })));
    if (lines.length >= MAX_EVENTS) break;
  }
  return lines.slice(0, MAX_EVENTS);
}

/** Entries whose field has this value. */
export function fieldPattern(field: string, value: string): string {
  return `{ $.${field} = ${JSON.stringify(value)} }`;
}

/** Entries in which this text stands. */
export function textPattern(text: string): string {
  return JSON.stringify(text);
}
