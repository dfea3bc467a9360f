import { randomUUID } from "node:crypto";
import { DynamoDBClient, paginateQuery } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { enqueueOrders } from "../../handlers/aws/enqueue-orders";
import { makeOrdersTable } from "../../handlers/aws/orders-table";
import {
  failedShelf,
  type Item,
  number,
  numberIn,
  openShelf,
  SHELF_DIGITS,
  SHELVES,
  text,
} from "../../handlers/aws/stored-order";
import { clientConfig } from "../target/client-config";
import type { OpenOrder } from "./list";
import { merge } from "./merge";
import type { RedriveDeps } from "./redrive";

export interface Target {
  tableName: string;
  queueUrl: string;
  region: string;
  /** Of the laptop stack; undefined for AWS itself. */
  endpoint: string | undefined;
}

/** Of each shelf one page is in memory. */
const PAGE_SIZE = 500;

export function awsDeps(
  target: Target,
): Pick<
  RedriveDeps,
  "failedOrders" | "openOrders" | "readOrder" | "redriveOrder" | "enqueueOrders"
> {
  const client = new DynamoDBClient(clientConfig(target));
  const sqs = new SQSClient(clientConfig(target));
  const table = makeOrdersTable(client, target.tableName, () => randomUUID());

  async function* shelf(name: string, from: number, to: number): AsyncGenerator<OpenOrder, void> {
    const query = {
      TableName: target.tableName,
      IndexName: SHELVES.index,
      KeyConditionExpression: `${SHELVES.partition} = :shelf AND ${SHELVES.sort} BETWEEN :from AND :to`,
      ExpressionAttributeValues: {
        ":shelf": text(name),
        ":from": number(from),
        ":to": number(to),
      },
    };
    for await (const { Items = [] } of paginateQuery({ client, pageSize: PAGE_SIZE }, query)) {
      yield* Items.map(entry);
    }
  }
  const shelves = (named: (digit: string) => string, from: number, to: number) =>
    merge(
      Array.from(SHELF_DIGITS, (digit) => shelf(named(digit), from, to)),
      ({ checkAt }) => checkAt,
    );

  return {
    async *failedOrders({ from = 0, to = Number.MAX_SAFE_INTEGER }) {
      // The failed shelves are ordered by the time of the failure.
      for await (const { orderId, checkAt } of shelves(failedShelf, from, to)) {
        yield { orderId, failedAt: checkAt };
      }
    },
    openOrders: () => shelves(openShelf, 0, Number.MAX_SAFE_INTEGER),
    readOrder: table.readOrder,
    redriveOrder: table.redriveOrder,
    enqueueOrders: (orderIds) => enqueueOrders(sqs, target.queueUrl, orderIds),
  };
}

function entry(item: Item): OpenOrder {
  return {
    orderId: item["orderId"]?.S ?? "",
    checkAt: numberIn(item, SHELVES.sort),
    createdAt: Date.parse(item["createdAt"]?.S ?? ""),
    overdueSince: item["overdueSince"] && numberIn(item, "overdueSince"),
  };
}
