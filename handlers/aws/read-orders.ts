import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { OrdersPage, OrdersQuery } from "../list-orders";
import { CUSTOMERS, type Item, orderSummary, text } from "./stored-order";

/** Reads the index of customers, which follows the table within about a second. */
export function makeReadOrders(client: Pick<DynamoDBClient, "send">, tableName: string) {
  return async ({ customerId, status, limit, after }: OrdersQuery): Promise<OrdersPage> => {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: CUSTOMERS.index,
        KeyConditionExpression: "customerId = :customerId",
        ExpressionAttributeValues: {
          ":customerId": text(customerId),
          ...(status && { ":status": text(status) }),
        },
        ...(status && {
          FilterExpression: "#status = :status",
          ExpressionAttributeNames: { "#status": "status" },
        }),
        ScanIndexForward: false,
        Limit: limit,
        ...(after && {
          ExclusiveStartKey: {
            customerId: text(customerId),
            createdAt: text(after.createdAt),
            orderId: text(after.orderId),
          },
        }),
      }),
    );
    return {
      orders: Items.map(orderSummary),
      next: LastEvaluatedKey && position(LastEvaluatedKey),
    };
  };
}

function position({ createdAt, orderId }: Item) {
  return { createdAt: createdAt?.S ?? "", orderId: orderId?.S ?? "" };
}
