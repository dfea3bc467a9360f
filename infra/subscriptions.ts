import { array, type Infer, object, optional, refine, type Struct } from "superstruct";
import { END_STATUSES } from "../handlers/order";
import { oneOf, text } from "./config-rules";

/** SNS protocols that need nothing but an endpoint. Not plain http: a notification names a customer. */
const ENDPOINTS: Record<string, RegExp> = {
  email: /^[^@\s]+@[^@\s]+$/,
  "email-json": /^[^@\s]+@[^@\s]+$/,
  https: /^https:\/\/\S+$/,
  sms: /^\+[0-9]{6,15}$/,
  sqs: /^arn:aws:sqs:[^:\s]+:[0-9]+:[^:\s]+$/,
};

const target = { protocol: oneOf(Object.keys(ENDPOINTS)), endpoint: text() };

export const subscription = object({
  ...target,
  customerId: optional(text()),
  status: optional(oneOf([...END_STATUSES])),
});

/** Alarms go to everybody who wants any. */
export const alarmSubscription = object(target);

export type Subscription = Infer<typeof subscription>;
export type AlarmSubscription = Infer<typeof alarmSubscription>;

/** SNS takes an endpoint once for each topic. */
export function subscriptionList<T extends AlarmSubscription>(each: Struct<T>) {
  const reachable = refine(
    each,
    "endpoint",
    ({ protocol, endpoint }) =>
      ENDPOINTS[protocol]?.test(endpoint) === true ||
      `an object whose endpoint suits its protocol (a mail address, a URL, a +number or a queue's ARN)`,
  );
  return refine(
    array(reachable),
    "endpoints",
    (list) =>
      new Set(list.map(({ protocol, endpoint }) => `${protocol} ${endpoint}`)).size ===
        list.length || "a list that names each endpoint once",
  );
}
