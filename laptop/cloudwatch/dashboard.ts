import { string, type } from "superstruct";
import { type Account } from "../account";
import { defineProvider, type Provider } from "../program/provider";

/** Dashboards: only that their body is JSON. Nobody looks at them here. */
export function dashboardProvider({ accountId }: Account): Provider {
  return defineProvider({
    emulated: type({ dashboardBody: string(), dashboardName: string() }),
    create(_id, { dashboardBody, dashboardName }) {
      try {
        JSON.parse(dashboardBody);
      } catch (cause) {
        throw new Error(`the body of the dashboard ${dashboardName} is not JSON`, { cause });
      }
      const dashboardArn = `arn:aws:cloudwatch::${accountId}:dashboard/${dashboardName}`;
      return { id: dashboardName, outputs: { dashboardArn } };
    },
  });
}
