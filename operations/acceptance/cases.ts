import type { AcceptanceCase } from "./acceptance-case";
import { BODY_CASES } from "./cases/bodies";
import { CANCEL_CASES } from "./cases/cancel";
import { ERROR_CASES } from "./cases/errors";
import { IDENTITY_CASES } from "./cases/identity";
import { KEY_CASES } from "./cases/keys";
import { LIST_CASES } from "./cases/lists";
import { NOTIFICATION_CASES } from "./cases/notifications";
import { ORDER_CASES } from "./cases/orders";

/** In the order in which they run. */
export const CASES: AcceptanceCase[] = [
  ...ORDER_CASES,
  ...KEY_CASES,
  ...CANCEL_CASES,
  ...BODY_CASES,
  ...ERROR_CASES,
  ...IDENTITY_CASES,
  ...LIST_CASES,
  ...NOTIFICATION_CASES,
];
