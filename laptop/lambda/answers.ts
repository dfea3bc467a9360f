import { answered, type Answers, refused } from "../aws-answer";
import type { Functions } from "./functions";

/** Calls to Lambda. `concurrency`: of the account's functions together. */
export function lambdaAnswers(
  { configurations }: Pick<Functions, "configurations">,
  concurrency: number,
): Answers["lambda"] {
  return {
    GetAccountSettings: () =>
      answered({
        AccountLimit: {
          ConcurrentExecutions: concurrency,
          UnreservedConcurrentExecutions: concurrency,
        },
        AccountUsage: { FunctionCount: configurations.size },
      }),
    GetFunctionConfiguration({ resource: name }) {
      const configuration = configurations.get(name);
      if (configuration) return answered(configuration);
      return refused("ResourceNotFoundException", `Function not found: ${name}`, 404);
    },
  };
}
