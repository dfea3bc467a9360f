import { formatAge } from "../../ages";
import type { Finding } from "../findings";
import type { DeadLettersSeen, QueueSeen } from "../observations";

export function checkQueue({ visible, inFlight }: QueueSeen): Finding[] {
  return [{ level: "ok", text: `${visible} messages wait, ${inFlight} are in flight` }];
}

/** `seconds`: of the last five minutes; undefined where CloudWatch has no values, as of an idle queue. */
export function checkOldestMessage(seconds: number | undefined, limit: number): Finding[] {
  if (seconds === undefined) return [];
  const age = formatAge(seconds * 1000);
  if (seconds <= limit) return [{ level: "ok", text: `the oldest message is ${age} old` }];
  const text = `the oldest message is ${age} old, more than ${formatAge(limit * 1000)}`;
  return [{ level: "bad", text, runbook: "queue-age" }];
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
