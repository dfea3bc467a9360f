import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { apiKeyProvider, usagePlanKeyProvider, usagePlanProvider } from "./apigateway/api-key";
import { methodSettingsProvider } from "./apigateway/method-settings";
import { deploymentProvider, restApiProvider, stageProvider } from "./apigateway/rest-api";
import type { ApiGateway } from "./apigateway/server";
import type { UsagePlan } from "./apigateway/usage-plan";
import { budgetProvider } from "./budgets/budget";
import { dashboardProvider } from "./cloudwatch/dashboard";
import { logGroupProvider } from "./cloudwatch/log-group";
import { logMetricFilterProvider } from "./cloudwatch/log-metric-filter";
import { type AlarmServices, metricAlarmProvider } from "./cloudwatch/metric-alarm";
import type { Metrics } from "./cloudwatch/metrics";
import { tableProvider } from "./dynamodb/table";
import type { Schedules } from "./events/answers";
import { scheduleProvider } from "./events/schedule";
import { policyAttachmentProvider, roleProvider } from "./iam/role";
import { rolePolicyProvider } from "./iam/role-policy";
import { eventInvokeConfigProvider } from "./lambda/event-invoke-config";
import { eventSourceMappingProvider, type MappingServices } from "./lambda/event-source-mapping";
import { functionProvider, type FunctionServices } from "./lambda/function";
import { permissionProvider } from "./lambda/permission";
import type { Provider } from "./program/provider";
import { subscriptionProvider, type SubscriptionServices } from "./sns/subscription";
import { topicPolicyProvider, topicProvider } from "./sns/topic";
import { queueProvider } from "./sqs/queue";
import { queuePolicyProvider, redriveAllowPolicyProvider } from "./sqs/queue-policy";

/** What the laptop stack consists of; each provider takes its own part. */
export interface Services
  extends AlarmServices, FunctionServices, MappingServices, SubscriptionServices {
  dynamodb: DynamoDBClient;
  gateway: ApiGateway;
  metrics: Metrics;
  schedules: Schedules;
  /** By id. */
  usagePlans: Map<string, UsagePlan>;
}

/** All resource types that the laptop knows. */
export function makeProviders(services: Services): Record<string, Provider> {
  const { account, iam, dynamodb, sns, queues, functions, gateway, usagePlans } = services;
  const restApis: Parameters<typeof restApiProvider>[2] = new Map();
  const apiKeys: Parameters<typeof apiKeyProvider>[0] = new Map();
  return {
    "aws:apigateway/apiKey:ApiKey": apiKeyProvider(apiKeys),
    "aws:apigateway/deployment:Deployment": deploymentProvider(),
    "aws:apigateway/methodSettings:MethodSettings": methodSettingsProvider(gateway),
    "aws:apigateway/restApi:RestApi": restApiProvider(account, iam, restApis),
    "aws:apigateway/stage:Stage": stageProvider(restApis, gateway, services.logGroups),
    "aws:apigateway/usagePlan:UsagePlan": usagePlanProvider(usagePlans),
    "aws:apigateway/usagePlanKey:UsagePlanKey": usagePlanKeyProvider(apiKeys, usagePlans),
    "aws:budgets/budget:Budget": budgetProvider(),
    "aws:cloudwatch/dashboard:Dashboard": dashboardProvider(account),
    "aws:cloudwatch/logGroup:LogGroup": logGroupProvider(account, services.logGroups),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": logMetricFilterProvider(services),
    "aws:cloudwatch/metricAlarm:MetricAlarm": metricAlarmProvider(services),
    "aws:dynamodb/table:Table": tableProvider(account, iam, dynamodb),
    "aws:iam/policyAttachment:PolicyAttachment": policyAttachmentProvider(),
    "aws:iam/role:Role": roleProvider(iam),
    "aws:iam/rolePolicy:RolePolicy": rolePolicyProvider(iam),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": policyAttachmentProvider(),
    "aws:lambda/eventSourceMapping:EventSourceMapping": eventSourceMappingProvider(services),
    "aws:lambda/function:Function": functionProvider(services),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": eventInvokeConfigProvider(
      account,
      functions,
    ),
    "aws:lambda/permission:Permission": permissionProvider(account, iam),
    "aws:scheduler/schedule:Schedule": scheduleProvider(services),
    "aws:sns/topic:Topic": topicProvider(iam, sns),
    "aws:sns/topicPolicy:TopicPolicy": topicPolicyProvider(iam),
    "aws:sns/topicSubscription:TopicSubscription": subscriptionProvider(services),
    "aws:sqs/queue:Queue": queueProvider(iam, queues),
    "aws:sqs/queuePolicy:QueuePolicy": queuePolicyProvider(account, iam),
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": redriveAllowPolicyProvider(),
  };
}
