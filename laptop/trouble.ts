import type { StackEvent } from "./events";

/** What is wrong in an event, or that it is over. */
export type Trouble = "failure" | "warning" | "end";

/** Undefined where all goes its way: so does a request that is refused for what is in it. */
export function troubleOf(event: StackEvent): Trouble | undefined {
  switch (event.kind) {
    case "request":
      return event.status >= 500 ? "failure" : undefined;
    case "invocation": {
      const levels = event.log.map(({ level }) => level);
      if (event.error !== undefined || levels.includes("ERROR")) return "failure";
      return levels.includes("WARN") ? "warning" : undefined;
    }
    case "notification":
      return event.refusal === undefined ? undefined : "warning";
    case "alarm":
      return event.state === "ALARM" ? "failure" : "end";
    case "outage":
      return event.seconds === undefined ? "end" : "warning";
    case "watch":
      return "failure" in event ? "failure" : undefined;
    case "throttled":
    case "warning":
      return "warning";
    case "published":
    case "issuer":
      return undefined;
  }
}
