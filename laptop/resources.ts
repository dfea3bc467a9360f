import { arn, type Cloud, type Maker, type Resource } from "./cloud";
import { apiKeyProvider, usagePlanKeyProvider, usagePlanProvider } from "./apigateway/api-key";
import { makeEventSourceMapping, makeFunction } from "./lambda/function";
import {
  makePermission,
  makeResourcePolicy,
  makeRole,
  makeRolePolicy,
  queueOf,
  refuseAttachment,
  topicOf,
} from "./iam/resources";
import { makeSchedule } from "./events/schedule";
import { makeEventInvokeConfig } from "./lambda/event-invoke-config";
import { makeQueue } from "./sqs/queue";
import { methodSettingsProvider } from "./apigateway/method-settings";
import { deploymentProvider, restApiProvider, stageProvider } from "./apigateway/rest-api";
import { tableProvider } from "./dynamodb/table";
import type { Provider, Registration } from "./program/provider";
import { makeTopic, makeTopicSubscription } from "./sns/topic";

const MAKERS: Record<string, Maker> = {
  "aws:sqs/queue:Queue": makeQueue,
  "aws:sqs/queuePolicy:QueuePolicy": makeResourcePolicy(queueOf),
  "aws:sns/topic:Topic": makeTopic,
  "aws:sns/topicPolicy:TopicPolicy": makeResourcePolicy(topicOf),
  "aws:sns/topicSubscription:TopicSubscription": makeTopicSubscription,
  "aws:lambda/function:Function": makeFunction,
  "aws:lambda/eventSourceMapping:EventSourceMapping": makeEventSourceMapping,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": makeEventInvokeConfig,
  "aws:lambda/permission:Permission": makePermission,
  "aws:scheduler/schedule:Schedule": makeSchedule,
  "aws:iam/role:Role": makeRole,
  "aws:iam/rolePolicy:RolePolicy": makeRolePolicy,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": refuseAttachment,
  "aws:iam/policyAttachment:PolicyAttachment": refuseAttachment,

  // Without effect on a laptop: only what others read of them.
  "aws:cloudwatch/logGroup:LogGroup": (name, _inputs, cloud) => ({
    id: name,
    outputs: { name, arn: arn(cloud, "logs", `log-group:${name}`) },
  }),
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": (name) => ({ id: name, outputs: {} }),
};

const providers = ({ iam, dynamodb, ...account }: Cloud): Record<string, Provider> => ({
  "aws:apigateway/apiKey:ApiKey": apiKeyProvider(account.apiKeys),
  "aws:apigateway/deployment:Deployment": deploymentProvider(),
  "aws:apigateway/methodSettings:MethodSettings": methodSettingsProvider(account.gateway),
  "aws:apigateway/restApi:RestApi": restApiProvider(account, account.restApis, account.onEvent),
  "aws:apigateway/stage:Stage": stageProvider(account.restApis, account.gateway),
  "aws:apigateway/usagePlan:UsagePlan": usagePlanProvider(account.usagePlans),
  "aws:apigateway/usagePlanKey:UsagePlanKey": usagePlanKeyProvider(
    account.apiKeys,
    account.usagePlans,
  ),
  "aws:dynamodb/table:Table": tableProvider(account, iam, dynamodb),
});

/** Makes a registered resource for real, as far as a laptop can; warns of what it does not know. */
export async function makeResource(registration: Registration, cloud: Cloud): Promise<Resource> {
  const { type, name, custom, inputs } = registration;
  const warn = (text: string) => cloud.onEvent({ kind: "warning", text });
  if (!custom) return { id: name, outputs: inputs };
  const provider = providers(cloud)[type];
  const maker = MAKERS[type];
  if (!provider && !maker) {
    warn(`${type} "${name}" is not known to the laptop stack: it has no effect here`);
  }
  const made = provider
    ? await provider.create(registration, warn)
    : await maker?.(name, inputs, cloud);
  const { id, outputs } = made ?? { id: name, outputs: {} };
  return { id, outputs: { ...inputs, ...outputs } };
}
