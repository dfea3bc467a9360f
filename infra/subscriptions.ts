import { array, type Infer, object, optional, refine } from "superstruct";
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

export const subscription = object({
  protocol: oneOf(Object.keys(ENDPOINTS)),
  endpoint: text(),
  customerId: optional(text()),
  status: optional(oneOf([...END_STATUSES])),
});

const reachable = refine(
  subscription,
  "endpoint",
  ({ protocol, endpoint }) =>
    ENDPOINTS[protocol]?.test(endpoint) === true ||
    `an object whose endpoint suits its protocol (a mail address, a URL, a +number or a queue's ARN)`,
);

/** SNS takes an endpoint once for each topic. */
export const subscriptionList = refine(
  array(reachable),
  "endpoints",
  (list) =>
    new Set(list.map(({ protocol, endpoint }) => `${protocol} ${endpoint}`)).size === list.length ||
    "a list that names each endpoint once",
);

export type Subscription = Infer<typeof subscription>;
