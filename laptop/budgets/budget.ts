import { type } from "superstruct";
import { defineProvider, type Provider } from "../program/provider";

/** Budgets: nobody bills a laptop. */
export function budgetProvider(): Provider {
  return defineProvider({
    emulated: type({}),
    withoutEffect: [
      "accountId",
      "budgetType",
      "costFilters",
      "costTypes",
      "filterExpression",
      "limitAmount",
      "limitUnit",
      "metrics",
      "name",
      "namePrefix",
      "notifications",
      "plannedLimits",
      "timePeriodEnd",
      "timePeriodStart",
      "timeUnit",
    ],
    create: (name) => ({ id: name, outputs: {} }),
  });
}
