import { randomUUID } from "node:crypto";
import { optional, string, type } from "superstruct";
import { type Account, arn } from "../account";
import { defineProvider, type Provider } from "../program/provider";
import type { LogGroups } from "./log-groups";

/** Log groups: in memory, without an end to what is kept but the laptop's own. */
export function logGroupProvider(account: Account, logGroups: Pick<LogGroups, "create">): Provider {
  return defineProvider({
    emulated: type({ name: optional(string()), namePrefix: optional(string()) }),
    withoutEffect: ["kmsKeyId", "logGroupClass", "retentionInDays", "skipDestroy"],
    create(id, { name: given, namePrefix = `${id}-` }) {
      const name = given ?? `${namePrefix}${randomUUID().slice(0, 8)}`;
      logGroups.create(name);
      return { id: name, outputs: { name, arn: arn(account, "logs", `log-group:${name}`) } };
    },
  });
}
