import type { Costs } from "../../../bench/cost/costs";
import { costReport } from "../../../bench/cost/report";
import { rowsOf } from "../../docs/project";

const costs: Costs = {
  name: "now",
  order: {
    calls: [
      {
        ...{ caller: "create-order", isOfFunction: true, service: "dynamodb", action: "PutItem" },
        writeUnits: { item: 2, index: 1 },
      },
    ],
    functions: [
      {
        ...{ name: "create-order", memoryMegabytes: 1024, isArm: true, isTraced: false },
        ...{ writesPlatformLines: false, invocations: 1, calls: 1 },
        cpu: { median: 4, min: 3, max: 5 },
      },
    ],
    apiRequests: 1,
    deliveries: 0,
    logBytes: { functions: 0, platform: 0 },
    metrics: [],
    itemBytes: 1500,
  },
  scheduled: [],
  standing: { polledQueues: 1, alarmMetrics: 2, dashboards: 0 },
  bills: {
    order: [
      { item: "SQS: requests", quantity: 3, price: 0.4e-6 },
      { item: "DynamoDB: read units", quantity: 0, price: 0.125e-6 },
    ],
    month: [{ item: "SQS: receives", quantity: 657_000, price: 0.4e-6 }],
    monthOfStorage: [{ item: "DynamoDB: GB stored", quantity: 2, price: 0.25 }],
  },
  metricsOfOrders: ["OrdersAccepted"],
};

describe("the report of costs", () => {
  it("has a row for each item that anything is taken of, with what a million orders cost", () => {
    const report = `${costReport({ orderBytes: 106, current: costs })}\n`;
    expect(rowsOf(report, "item", "price", "now", "$")).toEqual([
      ["SQS: requests", "$0.40 a million", "3", "1.20"],
      ["all of it", "", "", "1.20"],
    ]);
    expect(report).toContain("| SQS: receives | $0.40 a million | 657,000 | 0.26 |");
    expect(report).toContain("| create-order | PutItem | write units: 2 + 1 |");
    // 4 ms of CPU by the share of a vCPU that 1,024 MB have, and 10 ms for the call.
    expect(report).toContain("| create-order | 1024 MB | 4.0 (3.0 to 5.0) ms | 1 | 17 ms |");
    // 10 ms more of one GB.
    expect(report).toContain("now: $0.13 more if a call takes 20 ms and not 10.");
    expect(report).toContain("a million orders that are kept are $0.50 a month, and 1 metrics");
  });

  it("has the items of the other program beside it", () => {
    const order = [{ item: "SNS: publishes", quantity: 1, price: 0.5e-6 }];
    const baseline = { ...costs, name: "then", bills: { ...costs.bills, order } };
    const report = `${costReport({ orderBytes: 106, current: costs, baseline })}\n`;
    expect(rowsOf(report, "item", "price", "now", "$", "then", "$")).toEqual([
      ["SQS: requests", "$0.40 a million", "3", "1.20", "0", "0.00"],
      ["SNS: publishes", "$0.50 a million", "0", "0.00", "1", "0.50"],
      ["all of it", "", "", "1.20", "", "0.50"],
    ]);
  });
});
