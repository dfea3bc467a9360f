import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CUSTOMERS, SHELVES } from "../handlers/aws/stored-order";
import type { StackConfig } from "./config";
import type { Encryption } from "./encryption";

export interface OrdersTableArgs {
  limits: StackConfig["table"];
  encryption: Encryption;
  protect: boolean;
  /** Whether a customer's orders can be listed. */
  hasCustomers: boolean;
}

/**
 * Where orders live. Only open and FAILED orders have a shelf, so the index of shelves holds only those.
 */
export class OrdersTable extends pulumi.ComponentResource {
  readonly table: aws.dynamodb.Table;
  readonly indexNames: string[];
  readonly shelvesArn: pulumi.Output<string>;
  readonly customersArn: pulumi.Output<string>;

  constructor(name: string, { limits, encryption, protect, hasCustomers }: OrdersTableArgs) {
    super("order-processing:infra:OrdersTable", name);
    const throughput = onDemandThroughput(limits);
    const indexes = hasCustomers ? [SHELVES, CUSTOMERS] : [SHELVES];
    this.indexNames = indexes.map(({ index }) => index);
    this.table = new aws.dynamodb.Table(
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: "orderId",
        attributes: [
          { name: "orderId", type: "S" },
          { name: SHELVES.partition, type: "S" },
          { name: SHELVES.sort, type: "N" },
          ...(hasCustomers ? customerKeys() : []),
        ],
        globalSecondaryIndexes: indexes.map(({ index, partition, sort, projected }) => ({
          name: index,
          keySchemas: [
            { attributeName: partition, keyType: "HASH" },
            { attributeName: sort, keyType: "RANGE" },
          ],
          projectionType: "INCLUDE",
          nonKeyAttributes: projected,
          ...throughput,
        })),
        ...throughput,
        pointInTimeRecovery: { enabled: true },
        ...encryption.table,
        deletionProtectionEnabled: protect,
      },
      { parent: this, protect, dependsOn: encryption.grants },
    );
    this.shelvesArn = pulumi.interpolate`${this.table.arn}/index/${SHELVES.index}`;
    this.customersArn = pulumi.interpolate`${this.table.arn}/index/${CUSTOMERS.index}`;
    this.registerOutputs();
  }
}

function customerKeys() {
  return [CUSTOMERS.partition, CUSTOMERS.sort].map((name) => ({ name, type: "S" }));
}

/** Left out where it is 0: AWS takes -1, "no limit", only in the place of a limit that is there. */
function onDemandThroughput({ maxReadRequestUnits, maxWriteRequestUnits }: StackConfig["table"]) {
  const limits = {
    ...(maxReadRequestUnits !== 0 && { maxReadRequestUnits }),
    ...(maxWriteRequestUnits !== 0 && { maxWriteRequestUnits }),
  };
  return Object.keys(limits).length > 0 ? { onDemandThroughput: limits } : {};
}
