import { untilOf, type WaitTime } from "../../handlers/wait-time";
import { NOW } from "../support/orders";

const now = NOW.getTime();
const DAY = 86_400_000;

describe("the end of a wait", () => {
  it.each<[WaitTime, number]>([
    [{ seconds: 1.5 }, now + 1500],
    [{ minutes: 30 }, now + 1_800_000],
    [{ days: 100, hours: 2, minutes: 3, seconds: 4 }, now + 100 * DAY + 7_384_000],
    [{ seconds: 0 }, now],
    [{ seconds: 0.0001 }, now + 1],
    [{ until: new Date(now + DAY) }, now + DAY],
    [{ until: "2026-03-01T00:00:00Z" }, Date.UTC(2026, 2, 1)],
    [{ until: "1999-01-01" }, Date.UTC(1999, 0, 1)],
  ])("of %j", (time, until) => {
    expect(untilOf(time, NOW)).toBe(until);
  });

  it.each([
    {},
    { minutes: -1 },
    { minutes: NaN },
    { minutes: Infinity },
    { minutes: "30" },
    { minute: 30 },
    { days: 1e9 },
    { until: "tomorrow" },
    { until: new Date(NaN) },
  ])("is none of %j", (time) => {
    expect(untilOf(time as WaitTime, NOW)).toBeUndefined();
  });
});
