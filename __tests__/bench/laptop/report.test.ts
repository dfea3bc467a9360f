import { laptopReport } from "../../../bench/laptop/report";
import type { Round } from "../../../bench/laptop/round";

function roundOf(endToEnd: number, cpu: Record<string, number>): Round {
  const usage = { processes: 1, cpuMilliseconds: 0, rss: 100, pss: 80 };
  return {
    readyMilliseconds: 5000,
    accepted: [{ connections: 10, perSecond: 60, p50: 20, p99: 90, refused: 0 }],
    endToEnd,
    cpu,
    memory: { laptop: usage, all: usage },
  };
}

describe("the table of laptops", () => {
  it("has the spread of rounds, and the ratio of medians", () => {
    const report = laptopReport([
      {
        name: "this",
        firstReadyMilliseconds: 9000,
        rounds: [roundOf(90, { all: 10 }), roundOf(110, { all: 10 })],
      },
      { name: "abc", firstReadyMilliseconds: 9000, rounds: [roundOf(50, { all: 20 })] },
    ]);
    expect(report).toContain("| laptop | this: median (min to max) | abc: median (min to max) |");
    expect(report).toContain(
      "| end to end, orders/s (10 connections) | 100.0 (90.0 to 110.0) | 50.0 | 2.00 |",
    );
    expect(report).toContain("| CPU an order, ms: all | 10.0 | 20.0 | 0.50 |");
    expect(report).toContain("| first `npm start` to apiUrl, s | 9.0 | 9.0 | 1.00 |");
  });

  it("says where only one of them has a process", () => {
    const report = laptopReport([
      { name: "this", firstReadyMilliseconds: 9000, rounds: [roundOf(1, { all: 1 })] },
      {
        name: "abc",
        firstReadyMilliseconds: 9000,
        rounds: [roundOf(1, { all: 1, "record-notification": 4 })],
      },
    ]);
    expect(report).toContain("| CPU an order, ms: record-notification | none | 4.0 |  |");
  });
});
