import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { type Account, nameInArn } from "../account";
import type { OnEvent } from "../events";
import { type Iam, isServiceAllowed } from "../iam/authorizer";
import { alarmMessage, alarmSubject } from "./alarm-message";
import type { OnStateChange } from "./alarm-registry";

export interface ActionServices {
  account: Account;
  iam: Iam;
  sns: SNSClient;
  onEvent: OnEvent;
}

/** Reports an alarm's new state, and publishes it to the topics that are its actions for that state. */
export function makeOnStateChange(services: ActionServices): OnStateChange {
  const { account, sns, onEvent } = services;
  const warn = (text: string) => onEvent({ kind: "warning", text });
  return async (alarm, previousState) => {
    const { name, state, description, reason } = alarm;
    onEvent({ kind: "alarm", name, state, previousState, description, reason });
    const topics = alarm.actionsEnabled ? alarm.actions[state] : [];
    const publishing = topics.map(async (TopicArn) => {
      const obstacle = obstacleTo(TopicArn, alarm.arn, services);
      if (obstacle !== undefined) {
        warn(`alarm "${name}": ${obstacle}`);
        return;
      }
      const Subject = alarmSubject(alarm, account);
      const Message = alarmMessage(alarm, previousState, account);
      await sns.send(new PublishCommand({ TopicArn, Subject, Message }));
    });
    for (const result of await Promise.allSettled(publishing)) {
      if (result.status === "rejected") warn(`alarm "${name}": ${String(result.reason)}`);
    }
  };
}

/** Why CloudWatch cannot publish to a topic, if so. */
function obstacleTo(
  topicArn: string,
  alarmArn: string,
  { iam }: Pick<ActionServices, "iam">,
): string | undefined {
  const topic = nameInArn(topicArn);
  if (iam.encryptedByAws.has(topicArn)) {
    return `CloudWatch cannot publish to ${topic}: it may not use the key alias/aws/sns`;
  }
  // A topic without a policy of its own has SNS's default one, which lets all of its account publish.
  const permission = { action: "sns:Publish", resource: topicArn };
  const isAllowed =
    !iam.resourcePolicies.has(topicArn) ||
    isServiceAllowed(iam, "cloudwatch.amazonaws.com", permission, alarmArn);
  return isAllowed
    ? undefined
    : `CloudWatch may not publish to ${topic}: the topic's policy does not allow it`;
}
