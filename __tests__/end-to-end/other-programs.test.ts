import { readFileSync } from "node:fs";
import * as path from "node:path";
import { eventually } from "../../harness/eventually";
import { type Laptop, startLaptop } from "../../harness/laptop";
import { copyProject } from "../../harness/project-copy";
import { startStack } from "../../laptop/stack";

const index = readFileSync(path.join(__dirname, "..", "..", "index.ts"), "utf8");

/** A resource that the laptop does not know, and two queues behind the topic, one with a policy. */
const ADDITIONS = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
new aws.s3.Bucket("invoices");

function subscribed(name: string) {
  const queue = new aws.sqs.Queue(name);
  new aws.sns.TopicSubscription(name, {
    topic: topic.arn, protocol: "sqs", endpoint: queue.arn, rawMessageDelivery: true,
  });
  return queue;
}
const permitted = subscribed("permitted");
new aws.sqs.QueuePolicy("permitted", {
  queueUrl: permitted.url,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: permitted.arn,
      Condition: { ArnEquals: { "aws:SourceArn": topic.arn } },
    },
  }),
});
export const permittedUrl = permitted.url;
export const closedUrl = subscribed("closed").url;`;

describe("a program with additions of its own", () => {
  const copy = copyProject({ "index.ts": index + ADDITIONS });
  let laptop: Laptop;
  const warnings = () =>
    laptop.events.flatMap((event) => (event.kind === "warning" ? event.text : []));

  beforeAll(async () => {
    laptop = await startLaptop({ directory: copy.directory });
  });
  afterAll(async () => {
    await laptop.stop();
    copy.remove();
  });

  it("runs, and a resource that the laptop does not know is named in a warning", () => {
    expect(warnings()).toEqual([
      'aws:s3/bucket:Bucket "invoices" is not known to the laptop stack: it has no effect here',
    ]);
  });

  it("delivers to a queue whose policy lets the topic send, and says why to none without", async () => {
    await laptop.publish("good morning");
    const found = await eventually("the message", async () => {
      const bodies = await laptop.receive("permittedUrl");
      return bodies.length > 0 && bodies;
    });
    expect(found).toEqual(["good morning"]);
    const refusal = "SNS may not send to closed: the queue's policy does not allow it";
    await eventually("the refusal", () =>
      laptop.events.some((event) => event.kind === "notification" && event.refusal === refusal),
    );
    expect(await laptop.receive("closedUrl")).toEqual([]);
  });
});

describe("a program that cannot start", () => {
  it("is rejected with a sentence that names what is missing", async () => {
    const copy = copyProject({ "Pulumi.dev.yaml": "" });
    await expect(startStack({ directory: copy.directory })).rejects.toThrow(
      /^aws:region is not set for the stack "dev". Set it with: pulumi config set aws:region/,
    );
    copy.remove();
  });

  it("is rejected with every config key that is wrong", async () => {
    const config = { "order-processing:throtle": {}, "order-processing:protectData": "maybe" };
    await expect(startStack({ config })).rejects.toThrow(
      /order-processing:protectData must be true or false\.\norder-processing:throtle is not a config key/,
    );
  });
});
