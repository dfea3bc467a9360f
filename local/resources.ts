import { arn, type Cloud, type Maker, type Resource } from "./cloud";
import { makeApiKey, makeUsagePlanKey, makeUsagePlanResource } from "./resources/api-key";
import { makeEventSourceMapping, makeFunction } from "./resources/function";
import {
  makePermission,
  makeResourcePolicy,
  makeRole,
  makeRolePolicy,
  queueOf,
  refuseAttachment,
  topicOf,
} from "./resources/iam";
import { makeSchedule } from "../laptop/events/schedule";
import { makeEventInvokeConfig } from "../laptop/lambda/event-invoke-config";
import { makeQueue } from "./resources/queue";
import { makeMethodSettings, makeRestApi, makeStage } from "./resources/rest-api";
import { makeTable } from "./resources/table";
import { makeTopic, makeTopicSubscription } from "./resources/topic";

/** A resource that the program registers. Archives arrive as `{ files: { name: text } }`. */
export interface Registration {
  type: string;
  name: string;
  /** False for components, which are there for their children only. */
  custom: boolean;
  inputs: Record<string, unknown>;
}

const MAKERS: Record<string, Maker> = {
  "aws:dynamodb/table:Table": makeTable,
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
  "aws:apigateway/restApi:RestApi": makeRestApi,
  "aws:apigateway/stage:Stage": makeStage,
  "aws:apigateway/methodSettings:MethodSettings": makeMethodSettings,
  "aws:apigateway/apiKey:ApiKey": makeApiKey,
  "aws:apigateway/usagePlan:UsagePlan": makeUsagePlanResource,
  "aws:apigateway/usagePlanKey:UsagePlanKey": makeUsagePlanKey,

  // Without effect on a laptop: only what others read of them.
  "aws:apigateway/deployment:Deployment": (name) => ({ id: name, outputs: {} }),
  "aws:cloudwatch/logGroup:LogGroup": (name, _inputs, cloud) => ({
    id: name,
    outputs: { name, arn: arn(cloud, "logs", `log-group:${name}`) },
  }),
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": (name) => ({ id: name, outputs: {} }),
};

/** Makes a registered resource for real, as far as a laptop can; warns of what it does not know. */
export async function makeResource(
  { type, name, custom, inputs }: Registration,
  cloud: Cloud,
): Promise<Resource> {
  if (!custom) return { id: name, outputs: inputs };
  const maker = MAKERS[type];
  if (!maker) {
    const text = `${type} "${name}" is not known to the laptop stack: it has no effect here`;
    cloud.onEvent({ kind: "warning", text });
  }
  const { id, outputs } = (await maker?.(name, inputs, cloud)) ?? { id: name, outputs: {} };
  return { id, outputs: { ...inputs, ...outputs } };
}
