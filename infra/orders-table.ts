import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { SHELVES } from "../handlers/aws/stored-order";
import type { StackConfig } from "./config";
import type { Encryption } from "./encryption";

export interface OrdersTableArgs {
  limits: StackConfig["table"];
  encryption: Encryption;
  protect: boolean;
}

/** Where orders live. Only open and FAILED orders have a shelf, so the index holds only those. */
export class OrdersTable extends pulumi.ComponentResource {
  readonly table: aws.dynamodb.Table;
  readonly indexArn: pulumi.Output<string>;

  constructor(name: string, { limits, encryption, protect }: OrdersTableArgs) {
    super("order-processing:infra:OrdersTable", name);
    const throughput = onDemandThroughput(limits);
    this.table = new aws.dynamodb.Table(
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: "orderId",
        attributes: [
          { name: "orderId", type: "S" },
          { name: SHELVES.partition, type: "S" },
          { name: SHELVES.sort, type: "N" },
        ],
        globalSecondaryIndexes: [
          {
            name: SHELVES.index,
            keySchemas: [
              { attributeName: SHELVES.partition, keyType: "HASH" },
              { attributeName: SHELVES.sort, keyType: "RANGE" },
            ],
            projectionType: "INCLUDE",
            nonKeyAttributes: SHELVES.projected,
            ...throughput,
          },
        ],
        ...throughput,
        pointInTimeRecovery: { enabled: true },
        ...encryption.table,
        deletionProtectionEnabled: protect,
      },
      { parent: this, protect, dependsOn: encryption.grants },
    );
    this.indexArn = pulumi.interpolate`${this.table.arn}/index/${SHELVES.index}`;
    this.registerOutputs();
  }
}

/** Left out where it is 0: AWS takes -1, "no limit", only in the place of a limit that is there. */
function onDemandThroughput({ maxReadRequestUnits, maxWriteRequestUnits }: StackConfig["table"]) {
  const limits = {
    ...(maxReadRequestUnits !== 0 && { maxReadRequestUnits }),
    ...(maxWriteRequestUnits !== 0 && { maxWriteRequestUnits }),
  };
  return Object.keys(limits).length > 0 ? { onDemandThroughput: limits } : {};
}
