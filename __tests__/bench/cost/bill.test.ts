import {
  type BillLine,
  durationOf,
  metricsOfOrders,
  monthBill,
  orderBill,
  storageBill,
  total,
} from "../../../bench/cost/bill";
import type { Counts, FunctionCount } from "../../../bench/cost/counts";
import { PRICES } from "../../../infra/prices";

const cpuOf = (median: number) => ({ median, min: 0, max: 1000 });
const aFunction: FunctionCount = {
  name: "create-order",
  memoryMegabytes: 512,
  isArm: true,
  isTraced: true,
  writesPlatformLines: true,
  invocations: 1,
  calls: 2,
  cpu: cpuOf(1769 / 512),
};
const counts: Counts = {
  calls: [
    {
      ...{ caller: "create-order", isOfFunction: true, service: "dynamodb", action: "PutItem" },
      writeUnits: { item: 3, index: 1 },
    },
    {
      ...{ caller: "create-order", isOfFunction: true, service: "dynamodb", action: "Query" },
      readUnits: 0.5,
    },
    {
      ...{ caller: "create-order", isOfFunction: true, service: "sqs", action: "SendMessage" },
      requests: 2,
    },
    {
      ...{ caller: "create-order", isOfFunction: true, service: "sns", action: "Publish" },
      requests: 1,
    },
  ],
  functions: [aFunction],
  apiRequests: 1,
  deliveries: 4,
  logBytes: { functions: 300, platform: 600 },
  metrics: ["OrdersAccepted", "OverdueOrders"],
};

const quantities = (bill: BillLine[]) =>
  Object.fromEntries(bill.map(({ item, quantity }) => [item, quantity]));

describe("the bill of an order", () => {
  it("has what was counted, at the price of each", () => {
    const bill = orderBill(counts);
    expect(quantities(bill)).toEqual({
      "API Gateway: requests": 1,
      "DynamoDB: write units of items": 3,
      "DynamoDB: write units of indexes": 1,
      "DynamoDB: read units": 0.5,
      "SQS: requests": 2,
      "SNS: publishes": 1,
      "SNS: deliveries to functions and queues": 4,
      "Lambda: invocations": 1,
      // Of half a GB: 12 ms, and 20 ms for two calls.
      "Lambda: GB-seconds, computing": expect.closeTo(0.006),
      "Lambda: GB-seconds, waiting for calls": 0.01,
      "CloudWatch: log bytes of functions": 300,
      "CloudWatch: log bytes of Lambda": 600,
      "X-Ray: traces": 0.05,
    });
    const units = bill.filter(({ item }) => item.startsWith("DynamoDB: write"));
    expect(total(units)).toBeCloseTo(4 * PRICES.tableWriteUnit, 12);
  });

  it("has the dearer GB-seconds of x86, and no traces where nothing is traced", () => {
    const bill = orderBill({
      ...counts,
      functions: [{ ...aFunction, isArm: false, isTraced: false }],
    });
    const [computing] = bill.filter(({ item }) => item.startsWith("Lambda: GB"));
    expect(computing?.price).toBe(PRICES.functionGigabyteSecondX86);
    expect(quantities(bill)["X-Ray: traces"]).toBe(0);
  });
});

describe("the duration of an invocation", () => {
  it("is its CPU time over its share of a vCPU, and its calls, in whole milliseconds", () => {
    expect(durationOf({ ...aFunction, cpu: cpuOf(1) })).toEqual({ billed: 24, waiting: 20 });
    expect(durationOf({ ...aFunction, memoryMegabytes: 3538, cpu: cpuOf(8) }).billed).toBe(28);
    expect(durationOf({ ...aFunction, invocations: 2, calls: 0, cpu: cpuOf(0) }).billed).toBe(1);
  });
});

describe("the bill of a month without orders", () => {
  const standing = { polledQueues: 2, alarmMetrics: 35, dashboards: 1 };

  it("has what is registered, and what scheduled functions take", () => {
    const bill = quantities(monthBill(standing, [{ ...counts, timesAMonth: 100 }]));
    expect(bill).toMatchObject({
      "CloudWatch: metrics of alarms": 35,
      "CloudWatch: dashboards": 1,
      "CloudWatch: metrics of scheduled runs": 2,
      // Two queues × five long polls in 20 s, in 730 hours.
      "SQS: receives of idle queues": 1_314_000,
      "EventBridge Scheduler: invocations": 100,
      "DynamoDB: read units": 50,
      "X-Ray: traces": 100,
    });
  });

  it("adds up what several scheduled functions take", () => {
    const both = [10, 20].map((timesAMonth) => ({ ...counts, timesAMonth }));
    expect(quantities(monthBill(standing, both))["Lambda: invocations"]).toBe(30);
  });
});

describe("what comes with orders", () => {
  it("has the metrics that scheduled functions do not have", () => {
    const scheduled = [{ ...counts, metrics: ["OverdueOrders"], timesAMonth: 1 }];
    expect(metricsOfOrders(counts, scheduled)).toEqual(["OrdersAccepted"]);
  });

  it("has a million items, each with DynamoDB's 100 bytes", () => {
    const [stored] = storageBill({ ...counts, itemBytes: 924 });
    expect(stored?.quantity).toBeCloseTo((1024 * 1e6) / 1024 ** 3);
  });
});
