import { metricsIn } from "../../../laptop/cloudwatch/emf";

const entry = {
  level: "INFO",
  message: "",
  stack: "dev",
  region: "r",
  OrdersAccepted: 1,
  TimeToEnd: [20, 30],
  Text: "no number",
};
const directive = (Dimensions: string[][], ...names: string[]) => ({
  Timestamp: 5,
  CloudWatchMetrics: [
    { Namespace: "shop", Dimensions, Metrics: names.map((Name) => ({ Name, Unit: "Count" })) },
  ],
});

describe("the embedded metric format", () => {
  it("has a value, or several, for each set of dimensions", () => {
    const _aws = directive([["stack"], ["stack", "region"]], "OrdersAccepted", "TimeToEnd");
    const data = metricsIn({ ...entry, _aws });
    const ids = data.map(({ id, value, at }) => [id.name, Object.keys(id.dimensions), value, at]);
    expect(ids).toEqual([
      ["OrdersAccepted", ["stack"], 1, 5],
      ["TimeToEnd", ["stack"], 20, 5],
      ["TimeToEnd", ["stack"], 30, 5],
      ["OrdersAccepted", ["stack", "region"], 1, 5],
      ["TimeToEnd", ["stack", "region"], 20, 5],
      ["TimeToEnd", ["stack", "region"], 30, 5],
    ]);
    expect(data[0]?.id).toEqual({
      namespace: "shop",
      name: "OrdersAccepted",
      dimensions: { stack: "dev" },
    });
  });

  it.each([
    ["an entry without a directive", entry],
    ["a directive of another form", { ...entry, _aws: { Timestamp: "now" } }],
    ["a metric without a value", { ...entry, _aws: directive([["stack"]], "Nothing") }],
    ["a value that is no number", { ...entry, _aws: directive([["stack"]], "Text") }],
    ["a dimension without a value", { ...entry, _aws: directive([["nowhere"]], "TimeToEnd") }],
  ])("has no metric of %s", (_what, given) => {
    expect(metricsIn(given)).toEqual([]);
  });
});
