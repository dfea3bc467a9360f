import { array, defaulted, number, object, optional, string } from "superstruct";
import { type Account, arn } from "../account";
import { type Answer, answered, type Answers, reading, refused } from "../aws-answer";
import { parseFilterPattern } from "./filter-pattern";
import type { LogGroups, StoredLogEvent } from "./log-groups";

const INVALID = "InvalidParameterException";
/** What CloudWatch Logs gives at once. */
const MAX_EVENTS = 10_000;

const filterStruct = object({
  logGroupName: string(),
  logStreamNames: optional(array(string())),
  /** Milliseconds since 1970; both belong to the range. */
  startTime: defaulted(number(), 0),
  endTime: defaulted(number(), Infinity),
  filterPattern: defaulted(string(), ""),
  limit: defaulted(number(), MAX_EVENTS),
  nextToken: optional(string()),
});

/** Calls to CloudWatch Logs. */
export function logAnswers(account: Account, logGroups: LogGroups): Answers["logs"] {
  return {
    FilterLogEvents: reading(filterStruct, INVALID, (query) => {
      const events = logGroups.eventsOf(query.logGroupName);
      if (events) return filtered(events, query);
      return refused("ResourceNotFoundException", "The specified log group does not exist.");
    }),
    DescribeLogGroups: reading(
      object({ logGroupNamePrefix: defaulted(string(), ""), limit: optional(number()) }),
      INVALID,
      ({ logGroupNamePrefix: prefix }) => {
        const names = logGroups.names().filter((name) => name.startsWith(prefix));
        return answered({ logGroups: names.sort().map((name) => described(name, account)) });
      },
    ),
  };
}

function described(logGroupName: string, account: Account) {
  const logGroupArn = arn(account, "logs", `log-group:${logGroupName}`);
  return { logGroupName, logGroupArn, arn: `${logGroupArn}:*` };
}

function filtered(events: readonly StoredLogEvent[], query: (typeof filterStruct)["TYPE"]): Answer {
  const { startTime, endTime, logStreamNames, limit, nextToken } = query;
  const pattern = parseFilterPattern(query.filterPattern);
  if (!pattern.ok) return refused(INVALID, pattern.problem);
  const from = Number(nextToken ?? 0);
  if (!Number.isInteger(from)) return refused(INVALID, "The specified nextToken is invalid.");
  const found: StoredLogEvent[] = [];
  for (const event of events) {
    const isInRange = event.id >= from && event.at >= startTime && event.at <= endTime;
    if (!isInRange || logStreamNames?.includes(event.stream) === false) continue;
    if (!pattern.matches(event.message)) continue;
    if (found.length >= Math.min(limit, MAX_EVENTS)) {
      // The id of the event that the next page begins with.
      return answered({ events: found.map(written), nextToken: String(event.id) });
    }
    found.push(event);
  }
  return answered({ events: found.map(written) });
}

function written({ id, at, stream, message }: StoredLogEvent) {
  return {
    eventId: String(id),
    logStreamName: stream,
    timestamp: at,
    ingestionTime: at,
    message,
  };
}
