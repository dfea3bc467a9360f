import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Lets a role do this to one resource. */
export function allow(actions: string[], resource: pulumi.Input<string>): aws.iam.PolicyStatement {
  return { Effect: "Allow", Action: actions, Resource: resource };
}

/** What Lambda asks of a function's role before it polls a queue for it, and hiding a message. */
export function consume({ arn }: aws.sqs.Queue): aws.iam.PolicyStatement {
  return allow(
    [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ChangeMessageVisibility",
    ],
    arn,
  );
}

/** SNS takes no wildcard here: these are the actions that are about one topic. */
const TOPIC_ACTIONS = [
  "sns:AddPermission",
  "sns:DeleteTopic",
  "sns:GetTopicAttributes",
  "sns:ListSubscriptionsByTopic",
  "sns:Publish",
  "sns:RemovePermission",
  "sns:SetTopicAttributes",
  "sns:Subscribe",
];

/** A queue for this account's roles only, over TLS only, whatever else may allow it. */
export function closeQueue(name: string, queue: aws.sqs.Queue): void {
  new aws.sqs.QueuePolicy(name, { queueUrl: queue.url, policy: closed(queue.arn, "sqs:*") });
}

/** The same for a topic; its subscribers only receive. */
export function closeTopic(name: string, topic: aws.sns.Topic): void {
  new aws.sns.TopicPolicy(name, { arn: topic.arn, policy: closed(topic.arn, TOPIC_ACTIONS) });
}

/** Allows nothing: what a role may do stands in its own policy. */
function closed(arn: pulumi.Output<string>, Action: string | string[]): pulumi.Output<string> {
  return arn.apply((Resource) => {
    const deny = { Effect: "Deny", Principal: "*", Action, Resource };
    const accountId = Resource.split(":")[4];
    return JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Sid: "OnlyOverTls", ...deny, Condition: { Bool: { "aws:SecureTransport": "false" } } },
        {
          Sid: "OnlyThisAccount",
          ...deny,
          Condition: { StringNotEquals: { "aws:PrincipalAccount": accountId } },
        },
      ],
    });
  });
}

/** No queue but `from` may name `into` as its dead-letter queue. */
export function acceptDeadLetters(
  name: string,
  { from, into }: { from: aws.sqs.Queue; into: aws.sqs.Queue },
): void {
  new aws.sqs.RedriveAllowPolicy(name, {
    queueUrl: into.url,
    redriveAllowPolicy: pulumi.jsonStringify({
      redrivePermission: "byQueue",
      sourceQueueArns: [from.arn],
    }),
  });
}
