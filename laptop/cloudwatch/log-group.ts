import { randomUUID } from "node:crypto";
import { optional, string, type } from "superstruct";
import { type Account, arn } from "../account";
import { defineProvider, type Provider } from "../program/provider";

/** Log groups: only their names, which functions and policies refer to. */
export function logGroupProvider(account: Account): Provider {
  return defineProvider({
    emulated: type({ name: optional(string()), namePrefix: optional(string()) }),
    withoutEffect: ["kmsKeyId", "logGroupClass", "retentionInDays", "skipDestroy"],
    create(id, { name: given, namePrefix = `${id}-` }) {
      const name = given ?? `${namePrefix}${randomUUID().slice(0, 8)}`;
      return { id: name, outputs: { name, arn: arn(account, "logs", `log-group:${name}`) } };
    },
  });
}
