import { createHash } from "node:crypto";
import { type SNSClient, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import { boolean, defaulted, type Infer, optional, string, type } from "superstruct";
import { type Account, arn, nameInArn } from "../account";
import type { OnEvent } from "../events";
import { type Iam, isServiceAllowed } from "../iam/authorizer";
import { type Functions, retryPolicyOf } from "../lambda/functions";
import { addPoller, type Poller } from "../poller";
import { defineProvider, type Provider } from "../program/provider";
import type { Queues } from "../sqs/queues";
import type { Tracing } from "../traces/tracing";
import { deliverToFunction, deliverToQueue, logOnly } from "./delivery";

const emulated = type({
  topic: string(),
  protocol: string(),
  endpoint: string(),
  filterPolicy: optional(string()),
  filterPolicyScope: optional(string()),
  rawMessageDelivery: defaulted(boolean(), false),
});

export interface SubscriptionServices {
  account: Account;
  iam: Iam;
  sns: SNSClient;
  queues: Queues;
  functions: Functions;
  pollers: Poller[];
  tracing: Tracing;
  onEvent: OnEvent;
}

/**
 * Subscriptions: a hidden queue behind the topic, and a delivery from there. fauxqs itself knows queues as
 * subscribers only, and checks no policy.
 */
export function subscriptionProvider(services: SubscriptionServices): Provider {
  const { sns, queues, pollers } = services;
  return defineProvider({
    emulated,
    withoutEffect: ["confirmationTimeoutInMinutes", "endpointAutoConfirms"],
    async create(name, subscription) {
      const { topic, filterPolicy, filterPolicyScope } = subscription;
      // A name that SQS takes, and that no other subscription has.
      const queueName = `subscription-${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
      const queueArn = await queues.create(queueName, { VisibilityTimeout: 43_200 });
      const delivery = startDelivery(queues.urlOf(queueArn), subscription, services);
      const stop = addPoller(pollers, delivery);
      const { SubscriptionArn = "" } = await sns.send(
        new SubscribeCommand({
          TopicArn: topic,
          Protocol: "sqs",
          Endpoint: queueArn,
          Attributes: {
            ...(filterPolicy !== undefined && { FilterPolicy: filterPolicy }),
            ...(filterPolicyScope !== undefined && { FilterPolicyScope: filterPolicyScope }),
          },
        }),
      );
      return {
        id: SubscriptionArn,
        outputs: { arn: SubscriptionArn },
        async dispose() {
          await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
          stop();
        },
      };
    },
  });
}

function startDelivery(
  queueUrl: string,
  { topic, protocol, endpoint, rawMessageDelivery: isRaw }: Infer<typeof emulated>,
  services: SubscriptionServices,
): Poller {
  const { account, iam, queues, functions, tracing, onEvent } = services;
  const maySend = (action: string) => () =>
    isServiceAllowed(iam, "sns.amazonaws.com", { action, resource: endpoint }, topic);
  const from = { queueUrl, topic: nameInArn(topic), tracing, onEvent };
  const target = functions.byArn.get(endpoint);
  if (target) {
    const options = { ...from, isPermitted: maySend("lambda:InvokeFunction") };
    const policy = () => retryPolicyOf(endpoint, functions);
    return deliverToFunction(queues.client, target, options, policy);
  }
  if (protocol === "sqs" && endpoint.startsWith(arn(account, "sqs", ""))) {
    const isPermitted = maySend("sqs:SendMessage");
    const to = { queueUrl: queues.urlOf(endpoint), isRaw };
    return deliverToQueue(queues.client, to, { ...from, isPermitted });
  }
  return logOnly(queues.client, from, protocol);
}
