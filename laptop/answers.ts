import type { Account } from "./account";
import { CONCURRENT_INVOCATIONS } from "./apigateway/integration";
import type { Answers } from "./aws-answer";
import type { Alarms } from "./cloudwatch/alarms";
import { cloudwatchAnswers } from "./cloudwatch/cloudwatch-answers";
import { logAnswers } from "./cloudwatch/log-answers";
import type { LogGroups } from "./cloudwatch/log-groups";
import type { Metrics } from "./cloudwatch/metrics";
import { schedulerAnswers, type Schedules } from "./events/answers";
import { lambdaAnswers } from "./lambda/answers";
import type { Functions } from "./lambda/functions";

export interface Watched {
  account: Account;
  alarms: Alarms;
  metrics: Metrics;
  logGroups: LogGroups;
  functions: Functions;
  schedules: Schedules;
}

/** What the laptop itself answers to whoever looks at the stack. */
export function makeAnswers(watched: Watched): Answers {
  const { account, alarms, metrics, logGroups, functions, schedules } = watched;
  return {
    cloudwatch: cloudwatchAnswers(alarms, metrics),
    logs: logAnswers(account, logGroups),
    lambda: lambdaAnswers(functions, CONCURRENT_INVOCATIONS),
    scheduler: schedulerAnswers(schedules),
  };
}
