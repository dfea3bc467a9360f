import { is, literal, type } from "superstruct";
import type { AwsCall } from "../aws-call";
import type { AwsResponse } from "../endpoint/errors";
import { makeKeyLocks } from "./key-locks";
import { makeTableKeys, type WrittenKey } from "./table-keys";

/** Passes a body on to dynalite, as a call to this action. */
export type PassOn = (action: string, body: Buffer) => Promise<AwsResponse>;

const wantsOldItem = type({ ReturnValuesOnConditionCheckFailure: literal("ALL_OLD") });

/**
 * Performs calls to DynamoDB, with what dynalite lacks: the item that refused a condition is in the
 * error, where the call asks for it (ReturnValuesOnConditionCheckFailure). Every write holds its key, so
 * that the item is the one of the refusal although it is read after it.
 */
export function makeRefusedConditions(): (call: AwsCall, passOn: PassOn) => Promise<AwsResponse> {
  const tableKeys = makeTableKeys();
  const locks = makeKeyLocks();

  return async (call, passOn) => {
    tableKeys.learn(call);
    const written = tableKeys.writtenBy(call);
    if (written.length === 0) return passOn(call.action, call.body);
    return locks.hold([...new Set(written.map(({ id }) => id))], async () => {
      const response = await passOn(call.action, call.body);
      const [only] = written;
      const isWanted = only && is(call.fields, wantsOldItem);
      return isWanted && isRefusal(response)
        ? addItem(response, await read(only, passOn))
        : response;
    });
  };
}

function isRefusal({ status, body }: AwsResponse): boolean {
  return status === 400 && body.includes("#ConditionalCheckFailedException");
}

async function read({ table, key }: WrittenKey, passOn: PassOn): Promise<object> {
  const request = { TableName: table, Key: key, ConsistentRead: true };
  const { status, body } = await passOn("GetItem", Buffer.from(JSON.stringify(request)));
  if (status !== 200) throw new Error(`the item of a refused condition: ${body.toString()}`);
  return JSON.parse(body.toString()) as object;
}

/** `found`: what GetItem gives, which has no Item where there is none. */
function addItem({ status, headers, body }: AwsResponse, found: object): AwsResponse {
  const { "content-length": _length, "x-amz-crc32": _checksum, ...others } = headers;
  const error = JSON.parse(body.toString()) as object;
  return { status, headers: others, body: Buffer.from(JSON.stringify({ ...error, ...found })) };
}
