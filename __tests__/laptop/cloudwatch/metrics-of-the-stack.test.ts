import { METRIC_NAMESPACE, type MetricName } from "../../../handlers/metrics";
import { eventually } from "../../../harness/eventually";
import { type Laptop, startLaptop } from "../../../harness/laptop";
import { aRequest } from "../../support/orders";

const START = Date.now();
let laptop: Laptop;

const sumOf = (namespace: string, name: string, dimensions: Record<string, string>) =>
  laptop.metrics.statistic({ namespace, name, dimensions }, "Sum", START - 1000, Infinity);
const own = (name: MetricName) => sumOf(METRIC_NAMESPACE, name, { stack: "dev" });

beforeAll(async () => {
  laptop = await startLaptop({
    faults: ({ caller, action }) =>
      caller === "get-order" && action === "GetItem" ? "throttled" : undefined,
  });
});
afterAll(() => laptop.stop());

describe("the laptop's metrics", () => {
  it("are of the functions, by Lambda and by themselves, of the API, the table and the queues", async () => {
    const orderId = await laptop.accepted(aRequest);
    const { status } = await fetch(`${laptop.output("apiUrl")}orders/${orderId}`);
    expect(status).toBe(503);
    await eventually("the order's end", () => own("OrdersCompleted") === 1);

    expect(own("OrdersAccepted")).toBe(1);
    expect(sumOf("AWS/Lambda", "Invocations", { FunctionName: "create-order" })).toBe(1);
    const ofApi = { ApiName: "order-processing-dev", Stage: "dev" };
    expect(sumOf("AWS/ApiGateway", "Count", ofApi)).toBe(2);
    expect(sumOf("AWS/ApiGateway", "5XXError", ofApi)).toBe(1);
    // Each try of the one call.
    const ofTable = { TableName: "orders" };
    expect(sumOf("AWS/DynamoDB", "ReadThrottleEvents", ofTable)).toBeGreaterThan(1);
    expect(sumOf("AWS/SNS", "NumberOfMessagesPublished", { TopicName: "order-events" })).toBe(1);
    const depth = () =>
      sumOf("AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: "orders-dead-letters" });
    await eventually("a sample of the queues", () => depth() === 0);
  });
});
