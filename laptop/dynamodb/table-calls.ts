import { is, literal, type } from "superstruct";
import type { AwsCall } from "../aws-call";
import type { AwsResponse } from "../endpoint/errors";
import type { TraceContext } from "../traces/trace-header";
import { makeKeyLocks } from "./key-locks";
import { makeTableKeys, type WrittenKey } from "./table-keys";
import { type PassOn, readItem, writing, type WrittenItem } from "./written-items";

/** Gets each item that a call has written, in the order in which its key was written. */
export type OnWrite = (
  written: WrittenItem,
  call: AwsCall,
  context: TraceContext | undefined,
) => void;

const wantsOldItem = type({ ReturnValuesOnConditionCheckFailure: literal("ALL_OLD") });

/**
 * Performs calls to DynamoDB, with what dynalite lacks: the item that refused a condition is in the
 * error, where the call asks for it (ReturnValuesOnConditionCheckFailure). Every write holds its key, so
 * that an item that is read after a write is the one of the write or the refusal.
 */
export function makeTableCalls(
  onWrite: OnWrite,
): (call: AwsCall, context: TraceContext | undefined, passOn: PassOn) => Promise<AwsResponse> {
  const tableKeys = makeTableKeys();
  const locks = makeKeyLocks();

  return async (call, context, passOn) => {
    tableKeys.learn(call);
    const [first, ...others] = tableKeys.writtenBy(call);
    if (!first) return passOn(call.action, call.body);
    const written = [first, ...others] as const;
    return locks.hold([...new Set(written.map(({ id }) => id))], async () => {
      const { response, items } = await writing(call, written, passOn);
      for (const item of items) onWrite(item, call, context);
      const isWanted = is(call.fields, wantsOldItem);
      return isWanted && isRefusal(response) ? withItem(response, first, passOn) : response;
    });
  };
}

function isRefusal({ status, body }: AwsResponse): boolean {
  return status === 400 && body.includes("#ConditionalCheckFailedException");
}

async function withItem(
  { status, headers, body }: AwsResponse,
  refused: WrittenKey,
  passOn: PassOn,
): Promise<AwsResponse> {
  const { "content-length": _length, "x-amz-crc32": _checksum, ...others } = headers;
  const Item = await readItem(refused, passOn);
  const error = { ...(JSON.parse(body.toString()) as object), ...(Item && { Item }) };
  return { status, headers: others, body: Buffer.from(JSON.stringify(error)) };
}
