import * as pulumi from "@pulumi/pulumi";
import { create, defaulted, type Infer, object, StructError } from "superstruct";
import { LANGUAGES } from "../handlers/texts/language";
import { auth, AUTH_DEFAULTS, authContradiction } from "./auth-config";
import { boolean, oneOf, rule, sentence, text, wholeNumber, withDefaults } from "./config-rules";
import { alarmSubscription, subscription, subscriptionList } from "./subscriptions";

const NAMESPACE = "order-processing";

/** Retention times that CloudWatch Logs knows, in days. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];
const QUOTA_PERIODS = ["DAY", "WEEK", "MONTH"];
/** Not an alias: IAM knows keys by their own ARN. */
const KMS_KEY_ARN = /^arn:aws:kms:([a-z0-9-]+):[0-9]{12}:key\/[0-9a-z-]+$/;
/** awsx writes "arn:aws:" into the API's definition: China, GovCloud and others are other partitions. */
const OTHER_PARTITIONS = /^(?:cn|us-gov|us-iso[a-z]?|eu-isoe|eusc)-/;

/** Every key with its default: what holds where a stack's config is silent. */
export const DEFAULTS = {
  throttle: { rateLimit: 100, burstLimit: 200 },
  auth: AUTH_DEFAULTS,
  requireApiKey: false,
  usagePlan: { rateLimit: 50, burstLimit: 100, quotaLimit: 1_000_000, quotaPeriod: "MONTH" },
  logRetentionDays: 30,
  protectData: false,
  kmsKeyArn: "",
  subscriptions: [],
  notifications: { language: "en" },
  table: { maxReadRequestUnits: 0, maxWriteRequestUnits: 0 },
  processing: { timeoutSeconds: 30, batchSize: 1, maximumConcurrency: 5, maxAttempts: 20 },
  accessLogs: false,
  alarms: {
    enabled: true,
    oldestOverdueSeconds: 900,
    queueAgeSeconds: 3600,
    failedOrders: 1,
    failingAttemptsPercent: 50,
    apiErrorPercent: 5,
    apiLatencyMilliseconds: 5000,
    subscriptions: [],
    runbook: "docs/runbook.md",
  },
  budget: { monthlyUsd: 0 },
};

const stackConfig = object({
  throttle: withDefaults(DEFAULTS.throttle, {
    rateLimit: wholeNumber("requests per second", 1, 10_000),
    burstLimit: wholeNumber("requests", 1, 5_000),
  }),
  auth,
  requireApiKey: defaulted(boolean(), DEFAULTS.requireApiKey),
  usagePlan: withDefaults(DEFAULTS.usagePlan, {
    rateLimit: wholeNumber("requests per second", 1, 10_000),
    burstLimit: wholeNumber("requests", 1, 5_000),
    quotaLimit: wholeNumber("requests", 1, 2_147_483_647),
    quotaPeriod: oneOf(QUOTA_PERIODS),
  }),
  logRetentionDays: defaulted(
    rule<number>(
      (value) => typeof value === "number" && RETENTION_DAYS.includes(value),
      `one of CloudWatch's retention times in days (${RETENTION_DAYS.join(", ")})`,
    ),
    DEFAULTS.logRetentionDays,
  ),
  protectData: defaulted(boolean(), DEFAULTS.protectData),
  kmsKeyArn: defaulted(
    rule<string>(
      (value) => value === "" || (typeof value === "string" && KMS_KEY_ARN.test(value)),
      'the ARN of a KMS key (arn:aws:kms:…:key/…), or "" for keys of AWS',
    ),
    DEFAULTS.kmsKeyArn,
  ),
  subscriptions: defaulted(subscriptionList(subscription), DEFAULTS.subscriptions),
  notifications: withDefaults(DEFAULTS.notifications, { language: oneOf([...LANGUAGES]) }),
  // -1 removes a limit from a table that has one.
  table: withDefaults(DEFAULTS.table, {
    maxReadRequestUnits: wholeNumber("request units per second", -1, 1_000_000),
    maxWriteRequestUnits: wholeNumber("request units per second", -1, 1_000_000),
  }),
  processing: withDefaults(DEFAULTS.processing, {
    timeoutSeconds: wholeNumber("seconds", 1, 900),
    batchSize: wholeNumber("messages", 1, 10),
    maximumConcurrency: wholeNumber("workers", 2, 1_000),
    maxAttempts: wholeNumber("attempts", 1, 100),
  }),
  accessLogs: defaulted(boolean(), DEFAULTS.accessLogs),
  alarms: withDefaults(DEFAULTS.alarms, {
    enabled: boolean(),
    oldestOverdueSeconds: wholeNumber("seconds", 1, 86_400),
    queueAgeSeconds: wholeNumber("seconds", 1, 345_600),
    failedOrders: wholeNumber("orders", 1, 1_000_000),
    failingAttemptsPercent: wholeNumber("percent", 1, 100),
    apiErrorPercent: wholeNumber("percent", 1, 100),
    apiLatencyMilliseconds: wholeNumber("milliseconds", 1, 29_000),
    subscriptions: subscriptionList(alarmSubscription),
    runbook: text(),
  }),
  budget: withDefaults(DEFAULTS.budget, {
    monthlyUsd: wholeNumber("US dollars", 0, 1_000_000),
  }),
});

export type StackConfig = Infer<typeof stackConfig>;

/** The stack's config, complete with defaults. Throws a sentence for each key that is wrong. */
export function loadConfig(): StackConfig {
  return parseConfig(pulumi.runtime.allConfig());
}

/** From `namespace:key` → text, as Pulumi hands config over: a structured value is JSON text. */
export function parseConfig(all: Record<string, string>): StackConfig {
  const region = regionIn(all);
  const prefix = `${NAMESPACE}:`;
  const own = Object.entries(all)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]): [string, unknown] => [key.slice(prefix.length), parseValue(value)]);
  const config = checked(Object.fromEntries(own));
  const contradiction = contradictionIn(config, region);
  if (contradiction === undefined) return config;
  throw new pulumi.RunError(contradiction);
}

function contradictionIn(config: StackConfig, region: string): string | undefined {
  const keyRegion = KMS_KEY_ARN.exec(config.kmsKeyArn)?.[1] ?? region;
  if (keyRegion !== region) {
    return `${NAMESPACE}:kmsKeyArn is a key in ${keyRegion}, but aws:region is ${region}.`;
  }
  const ofAuth = authContradiction(config.auth);
  if (ofAuth !== undefined) return `${NAMESPACE}:${ofAuth}`;
  return config.budget.monthlyUsd > 0 && !config.alarms.enabled
    ? `${NAMESPACE}:budget.monthlyUsd warns by the topic of alarms: set alarms.enabled to true, or ` +
        "budget.monthlyUsd to 0."
    : undefined;
}

function checked(own: Record<string, unknown>): StackConfig {
  try {
    return create(own, stackConfig);
  } catch (error) {
    if (!(error instanceof StructError)) throw error;
    const sentences = error.failures().map((failure) => {
      const path = failure.path.map(String);
      return sentence(`${NAMESPACE}:${path.join(".")}`, failure, knownKeys(path));
    });
    throw new pulumi.RunError(sentences.join("\n"));
  }
}

// awsx reads the region from here alone: one that stands only in a profile ends up as "undefined"
// inside the API's integration ARNs.
function regionIn({ "aws:region": region = "" }: Record<string, string>): string {
  if (region !== "" && !OTHER_PARTITIONS.test(region)) return region;
  throw new pulumi.RunError(
    region === ""
      ? `aws:region is not set for the stack "${pulumi.getStack()}". ` +
          "Set it with: pulumi config set aws:region <region>, for example eu-west-1."
      : `aws:region is ${region}: this program runs in regions of the partition "aws" only.`,
  );
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function knownKeys([first, ...rest]: string[]): string[] {
  if (rest.length === 0) return Object.keys(DEFAULTS);
  if (first === "subscriptions") return Object.keys(subscription.schema);
  if (rest[0] === "subscriptions") return Object.keys(alarmSubscription.schema);
  return Object.keys(Object.entries(DEFAULTS).find(([key]) => key === first)?.[1] ?? {});
}
