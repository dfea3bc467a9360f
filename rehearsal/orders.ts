import { paginateScan } from "@aws-sdk/client-dynamodb";
import type { Laptop } from "../harness/laptop";

/** All orders of a stack, by their place in the table. */
export async function ordersIn({
  dynamodb,
  output,
}: Laptop): Promise<{ status: string; isNotified: boolean }[]> {
  const orders = [];
  for await (const { Items = [] } of paginateScan(
    { client: dynamodb },
    { TableName: output("tableName"), ConsistentRead: true },
  )) {
    for (const { status, notifiedAt } of Items) {
      orders.push({ status: status?.S ?? "", isNotified: notifiedAt !== undefined });
    }
  }
  return orders;
}
