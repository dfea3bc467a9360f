import { formatAge } from "../../ages";
import type { Finding } from "../findings";
import type { DeadLettersSeen, QueueSeen } from "../observations";

const RUNBOOK = "queue-age";
/** Workers take a message within seconds. */
const SOON_SECONDS = 120;

/**
 * `oldestSeconds`: the oldest message's age in the last five minutes; undefined where CloudWatch has no
 * values, as of an idle queue.
 */
export function checkQueue(
  { visible, inFlight }: QueueSeen,
  oldestSeconds: number | undefined,
  limitSeconds: number,
): Finding[] {
  const counts = `${visible} messages wait, ${inFlight} are in flight`;
  // The age is of a message that has gone meanwhile.
  if (oldestSeconds === undefined || visible + inFlight === 0) {
    return [{ level: "ok", text: counts }];
  }
  const [age, limit] = [formatAge(oldestSeconds * 1000), formatAge(limitSeconds * 1000)];
  const isLeft = inFlight === 0 && oldestSeconds > SOON_SECONDS;
  return [
    isLeft
      ? {
          level: "warning",
          text: `${visible} messages wait and nobody receives them`,
          runbook: RUNBOOK,
        }
      : { level: "ok", text: counts },
    {
      text: `the oldest message is ${age} old, the limit is ${limit}`,
      ...(oldestSeconds > limitSeconds ? { level: "bad", runbook: RUNBOOK } : { level: "ok" }),
    },
  ];
}

/** `command`: the doctor with this stack. */
export function checkDeadLetters(seen: DeadLettersSeen, command: string): Finding[] {
  const { count, lookedAt, hints, unknownOrders, foreign } = seen;
  if (count === 0 && lookedAt === 0) return [{ level: "ok", text: "no dead letters" }];
  const looked = lookedAt === count ? "" : `, of which ${lookedAt} were looked at`;
  const findings: Finding[] = [{ level: "ok", text: `${count} dead letters${looked}` }];
  if (hints > 0) {
    findings.push({
      level: "ok",
      text: `${hints} about orders that are in the table: nobody needs these messages`,
      todo: `${command} --clear-hints`,
    });
  }
  if (unknownOrders.length > 0) {
    findings.push({
      level: "warning",
      text: `${unknownOrders.length} about orders that are not in the table: ${unknownOrders.join(", ")}`,
      todo: "was the table restored to an earlier time? A person decides about these messages",
    });
  }
  if (foreign.length > 0) {
    findings.push({
      level: "warning",
      text: `${foreign.length} about no order: message ${foreign.join(", ")}`,
      todo: "find out who sends them, then delete them",
      runbook: "unrecognised-messages",
    });
  }
  return findings;
}
