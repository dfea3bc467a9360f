import { FUNCTIONS } from "./function-names";

function named(prefix: string): Record<string, string> {
  return Object.fromEntries(FUNCTIONS.map((name) => [name, `${prefix}${name}-1234567`]));
}

/** What `pulumi stack output --json` prints of a stack. */
export function stackOutputs(stack = "dev") {
  const api = "https://abc123.execute-api.eu-west-1.amazonaws.com";
  const sqs = "https://sqs.eu-west-1.amazonaws.com/123456789012";
  return {
    apiUrl: `${api}/${stack}/`,
    apiKey: "[secret]",
    tableName: "orders-1234567",
    queueUrl: `${sqs}/orders-1234567`,
    deadLetterQueueUrl: `${sqs}/orders-dead-letters-1234567`,
    topicArn: "arn:aws:sns:eu-west-1:123456789012:order-events-1234567",
    functionNames: named(""),
    logGroupNames: named(`/aws/lambda/order-processing-${stack}-`),
    scheduleName: "reconcile-orders-1234567",
  };
}
