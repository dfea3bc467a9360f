import { eventInvokeConfigProvider } from "../../../laptop/lambda/event-invoke-config";
import { makeFunctions, retryPolicyOf } from "../../../laptop/lambda/functions";
import { registering } from "../../support/registering";

const FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:tidy";
const TYPE = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";

async function withConfig(inputs: Record<string, unknown>) {
  const functions = makeFunctions();
  const account = { accountId: "000000000000", region: "eu-west-1" };
  const { create, warnings } = registering({
    [TYPE]: eventInvokeConfigProvider(account, functions),
  });
  await create(TYPE, "once", inputs);
  return { functions, warnings };
}

describe("an event invoke config", () => {
  it.each(["tidy", FUNCTION])("is the function's: %s", async (functionName) => {
    const { functions } = await withConfig({ functionName, maximumRetryAttempts: 0 });
    expect(retryPolicyOf(FUNCTION, functions)).toEqual({
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 21_600,
    });
    expect(retryPolicyOf(`${FUNCTION}-up`, functions).maximumRetryAttempts).toBe(2);
  });

  it.each([
    { maximumRetryAttempts: 3 },
    { maximumRetryAttempts: -1 },
    { maximumEventAgeInSeconds: 59 },
  ])("is refused where Lambda refuses it: %j", async (inputs) => {
    await expect(withConfig({ functionName: "tidy", ...inputs })).rejects.toThrow(
      Object.keys(inputs)[0],
    );
  });

  it.each(["destinationConfig", "qualifier"])("warns that %s has no effect", async (key) => {
    const { warnings } = await withConfig({ functionName: "tidy", [key]: {} });
    expect(warnings).toEqual([
      `function event invoke config "once": ${key} has no effect on the laptop`,
    ]);
  });
});
