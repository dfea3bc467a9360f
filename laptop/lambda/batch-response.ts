import type { Message } from "@aws-sdk/client-sqs";
import { array, is, nullable, optional, string, type } from "superstruct";

/** Which messages Lambda deletes after a handler returned `response`. */
export function handledMessages(
  messages: Message[],
  reportsBatchItemFailures: boolean,
  response: unknown,
): Message[] {
  if (!reportsBatchItemFailures) return messages;
  const failed = failedIds(response);
  const ids = messages.map(({ MessageId }) => MessageId);
  // One id that is unknown or empty, and Lambda takes the whole batch for failed.
  if (!failed?.every((id) => ids.includes(id))) return [];
  return messages.filter(({ MessageId = "" }) => !failed.includes(MessageId));
}

function failedIds(response: unknown): string[] | undefined {
  const failures = nullable(array(type({ itemIdentifier: string() })));
  const struct = nullable(type({ batchItemFailures: optional(failures) }));
  if (!is(response, struct)) return undefined;
  return (response?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
}
