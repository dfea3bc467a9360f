import { type Evaluated, evaluateWithoutArchives, inputsOf } from "../support/aws-mocks";

const TABLE = "aws:dynamodb/table:Table";

describe("the table", () => {
  let program: Evaluated;

  beforeAll(async () => {
    program = await evaluateWithoutArchives();
  });

  it("is on demand and recoverable to a point in time, with no throughput limit", () => {
    const table = inputsOf(program, TABLE, "orders");
    expect(table).toMatchObject({
      billingMode: "PAY_PER_REQUEST",
      hashKey: "orderId",
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: false,
    });
    expect(JSON.stringify(table)).not.toContain("onDemandThroughput");
  });

  it("has one sparse index, over the orders that are open or FAILED, by the time to look at them", () => {
    const { attributes, globalSecondaryIndexes } = inputsOf(program, TABLE, "orders");
    // Not hashKey and rangeKey: the provider warns about these at each preview.
    expect(globalSecondaryIndexes).toEqual([
      {
        name: "shelves",
        keySchemas: [
          { attributeName: "shelf", keyType: "HASH" },
          { attributeName: "checkAt", keyType: "RANGE" },
        ],
        projectionType: "INCLUDE",
        nonKeyAttributes: ["createdAt", "overdueSince"],
      },
    ]);
    expect(attributes).toEqual([
      { name: "orderId", type: "S" },
      { name: "shelf", type: "S" },
      { name: "checkAt", type: "N" },
    ]);
  });

  it("is encrypted with a key of AWS by enabled: false, which also takes it off another key", () => {
    const { serverSideEncryption } = inputsOf(program, TABLE, "orders");
    expect(serverSideEncryption).toEqual({ enabled: false });
  });
});
