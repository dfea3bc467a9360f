import * as path from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { eventually } from "../../harness/eventually";
import type { StackEvent } from "../../laptop/events";
import { startStack } from "../../laptop/stack";

describe("a program of another kind", () => {
  it("runs on the laptop as well: what is posted is stored", async () => {
    const events: StackEvent[] = [];
    const stack = await startStack({
      directory: path.join(__dirname, "..", "fixtures", "second-program"),
      onEvent: (event) => void events.push(event),
    });
    const credentials = { accessKeyId: "outside", secretAccessKey: "outside" };
    const { awsEndpoint: endpoint, region } = stack;
    const dynamodb = new DynamoDBClient({ endpoint, region, credentials });
    try {
      expect(region).toBe("eu-central-1");
      const url = `${String(stack.outputs["apiUrl"])}notes`;
      const { status } = await fetch(url, { method: "POST", body: "buy milk" });
      expect(status).toBe(202);
      const TableName = String(stack.outputs["tableName"]);
      const [note] = await eventually("the note to be stored", async () => {
        const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
        return Items.length > 0 && Items;
      });
      // awsx turns every body into base64 by default.
      expect(Buffer.from(note?.["text"]?.S ?? "", "base64").toString()).toBe("buy milk");
      expect(events.filter(({ kind }) => kind === "warning")).toEqual([]);
    } finally {
      dynamodb.destroy();
      await stack.stop();
    }
  });
});
