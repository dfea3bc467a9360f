import {
  type LogEvent,
  makeLogGroups,
  MAX_LOG_EVENTS,
} from "../../../laptop/cloudwatch/log-groups";

const event = (message: string): LogEvent => ({ at: 1, stream: "s", message });

describe("log groups", () => {
  it("keep the events of each group apart, in their order", () => {
    const groups = makeLogGroups();
    groups.create("a");
    groups.create("b");
    for (const message of ["1", "2"]) groups.write("a", event(message));
    groups.create("a");
    expect(groups.eventsOf("a")?.map(({ id, message }) => [id, message])).toEqual([
      [1, "1"],
      [2, "2"],
    ]);
    expect(groups.eventsOf("b")).toEqual([]);
    expect(groups.names()).toEqual(["a", "b"]);
  });

  it("take nothing where there is no such group", () => {
    const groups = makeLogGroups();
    groups.write("a", event("1"));
    expect(groups.eventsOf("a")).toBeUndefined();
    expect(groups.watch("a", () => undefined)).toBe(false);
  });

  it("are watched by whoever wants their events", () => {
    const groups = makeLogGroups();
    const seen: LogEvent[] = [];
    groups.create("a");
    expect(groups.watch("a", (each) => void seen.push(each))).toBe(true);
    groups.write("a", event("1"));
    expect(seen).toEqual([event("1")]);
  });

  it("drop the oldest tenth of too many", () => {
    const groups = makeLogGroups();
    groups.create("a");
    for (let n = 0; n <= MAX_LOG_EVENTS; n += 1) groups.write("a", event(""));
    const events = groups.eventsOf("a") ?? [];
    expect(events).toHaveLength(MAX_LOG_EVENTS * 0.9 + 1);
    expect(events.at(0)?.id).toBe(MAX_LOG_EVENTS / 10 + 1);
    expect(events.at(-1)?.id).toBe(MAX_LOG_EVENTS + 1);
  });
});
