import * as pulumi from "@pulumi/pulumi";
import {
  array,
  create,
  defaulted,
  define,
  object,
  optional,
  refine,
  StructError,
  type Failure,
  type Infer,
  type Struct,
} from "superstruct";
import { END_STATUSES } from "../handlers/order";

const NAMESPACE = "order-processing";

/** Retention times that CloudWatch Logs knows, in days. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];
/**
 * SNS protocols that need nothing but an endpoint, with what that looks like. Not plain http: a
 * notification names a customer.
 */
const ENDPOINTS: Record<string, RegExp> = {
  email: /^[^@\s]+@[^@\s]+$/,
  "email-json": /^[^@\s]+@[^@\s]+$/,
  https: /^https:\/\/\S+$/,
  sms: /^\+[0-9]{6,15}$/,
  sqs: /^arn:[a-z-]+:sqs:[^:\s]+:[0-9]+:[^:\s]+$/,
};
const QUOTA_PERIODS = ["DAY", "WEEK", "MONTH"];
/** An alias does not do: IAM knows keys by their own ARN. */
const KMS_KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[0-9a-z-]+$/;

/** Every key with its default: what holds where a stack's config is silent. */
export const DEFAULTS = {
  throttle: { rateLimit: 100, burstLimit: 200 },
  requireApiKey: false,
  usagePlan: { rateLimit: 50, burstLimit: 100, quotaLimit: 1_000_000, quotaPeriod: "MONTH" },
  logRetentionDays: 30,
  protectData: false,
  kmsKeyArn: "",
  subscriptions: [],
  processing: { timeoutSeconds: 30, batchSize: 1, maximumConcurrency: 5, maxAttempts: 20 },
};

const subscriptionFields = object({
  protocol: oneOf(Object.keys(ENDPOINTS)),
  endpoint: text(),
  customerId: optional(text()),
  status: optional(oneOf([...END_STATUSES])),
});

const subscription = refine(
  subscriptionFields,
  "endpoint",
  ({ protocol, endpoint }) =>
    ENDPOINTS[protocol]?.test(endpoint) === true ||
    `an object whose endpoint suits its protocol (a mail address, a URL, a +number or a queue's ARN)`,
);

/** SNS takes an endpoint once for each topic. */
const subscriptionList = refine(
  array(subscription),
  "endpoints",
  (list) =>
    new Set(list.map(({ protocol, endpoint }) => `${protocol} ${endpoint}`)).size === list.length ||
    "a list that names each endpoint once",
);

const stackConfig = object({
  throttle: withDefaults(DEFAULTS.throttle, {
    rateLimit: wholeNumber("requests per second", 1, 10_000),
    burstLimit: wholeNumber("requests", 1, 5_000),
  }),
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
      'the ARN of a KMS key (arn:aws:kms:…:key/…), or "" for the keys that AWS manages',
    ),
    DEFAULTS.kmsKeyArn,
  ),
  subscriptions: defaulted(subscriptionList, DEFAULTS.subscriptions),
  processing: withDefaults(DEFAULTS.processing, {
    timeoutSeconds: wholeNumber("seconds", 1, 900),
    batchSize: wholeNumber("messages", 1, 10),
    maximumConcurrency: wholeNumber("workers", 2, 1_000),
    maxAttempts: wholeNumber("attempts", 1, 100),
  }),
});

export type StackConfig = Infer<typeof stackConfig>;

/** The stack's config, complete with defaults. Throws a sentence that names each key that is wrong. */
export function loadConfig(): StackConfig {
  requireRegion();
  return parseConfig(pulumi.runtime.allConfig());
}

/** From `namespace:key` → text, as Pulumi hands config over: a structured value is JSON text. */
export function parseConfig(all: Record<string, string>): StackConfig {
  const prefix = `${NAMESPACE}:`;
  const own = Object.entries(all)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), parseValue(value)]);
  try {
    return create(Object.fromEntries(own), stackConfig);
  } catch (error) {
    if (!(error instanceof StructError)) throw error;
    throw new pulumi.RunError(error.failures().map(sentence).join("\n"));
  }
}

// awsx reads the region from here alone: one that stands only in a profile ends up as "undefined"
// inside the API's integration ARNs.
function requireRegion(): void {
  if (new pulumi.Config("aws").get("region")) return;
  throw new pulumi.RunError(
    `aws:region is not set for the stack "${pulumi.getStack()}". ` +
      "Set it with: pulumi config set aws:region <region>, for example eu-west-1.",
  );
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function sentence({ path, type, refinement, message }: Failure): string {
  const key = `${NAMESPACE}:${path.join(".")}`;
  if (refinement !== undefined) return `${key} must be ${message}.`;
  switch (type) {
    case "never":
      return `${key} is not a config key of this stack. Known here: ${knownKeys(path.map(String)).join(", ")}.`;
    case "object":
      return `${key} must be an object.`;
    case "array":
      return `${key} must be a list.`;
    default:
      return `${key} must be ${message}.`;
  }
}

function knownKeys([first, ...rest]: string[]): string[] {
  if (rest.length === 0) return Object.keys(DEFAULTS);
  if (first === "subscriptions") return Object.keys(subscriptionFields.schema);
  return Object.keys(Object.entries(DEFAULTS).find(([key]) => key === first)?.[1] ?? {});
}

function withDefaults<S extends Parameters<typeof object>[0]>(defaults: object, schema: S) {
  return defaulted(object(schema), defaults);
}

function wholeNumber(unit: string, min: number, max: number): Struct<number, null> {
  return rule<number>(
    (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    `a whole number of ${unit} from ${min} to ${max}`,
  );
}

function boolean(): Struct<boolean, null> {
  return rule<boolean>((value) => typeof value === "boolean", "true or false");
}

function oneOf(values: string[]): Struct<string, null> {
  return rule<string>(
    (value) => typeof value === "string" && values.includes(value),
    `one of ${values.join(", ")}`,
  );
}

function text(): Struct<string, null> {
  return rule<string>((value) => typeof value === "string" && value !== "", "a non-empty string");
}

function rule<T>(test: (value: unknown) => boolean, takes: string): Struct<T, null> {
  return define<T>("rule", (value) => test(value) || takes);
}
