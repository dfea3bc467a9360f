import { create, optional, type } from "superstruct";
import type { AwsCall } from "../aws-call";
import type { AwsResponse } from "../endpoint/errors";
import { jsonObject } from "../json-object";
import type { WrittenKey } from "./table-keys";

/** Passes a body on to dynalite, as a call to this action. */
export type PassOn = (action: string, body: Buffer) => Promise<AwsResponse>;

/** Attributes in DynamoDB's own JSON: `{ orderId: { S: "…" } }`. */
export type Item = Record<string, unknown>;

export interface WrittenItem extends WrittenKey {
  /** As it is now; undefined where it was deleted. */
  item: Item | undefined;
}

const withAttributes = type({ Attributes: optional(jsonObject) });
const withItem = type({ Item: optional(jsonObject) });

/** Performs a write. `items`: those that it has written, as they are after it. */
export async function writing(
  call: AwsCall,
  written: readonly [WrittenKey, ...WrittenKey[]],
  passOn: PassOn,
): Promise<{ response: AwsResponse; items: WrittenItem[] }> {
  const { action, fields, body } = call;
  if (action === "UpdateItem" && [undefined, "NONE"].includes(fields["ReturnValues"] as string)) {
    return updating(call, written[0], passOn);
  }
  const response = await passOn(action, body);
  const items = response.status === 200 ? await itemsAfter(call, written, response, passOn) : [];
  return { response, items };
}

/** Asks for all attributes, also where the call does not: `response` has what it asks for. */
async function updating(
  { action, fields }: AwsCall,
  written: WrittenKey,
  passOn: PassOn,
): Promise<{ response: AwsResponse; items: WrittenItem[] }> {
  const changed = JSON.stringify({ ...fields, ReturnValues: "ALL_NEW" });
  const full = await passOn(action, Buffer.from(changed));
  if (full.status !== 200) return { response: full, items: [] };
  const { "content-length": _length, "x-amz-crc32": _checksum, ...headers } = full.headers;
  const { Attributes: item, ...others } = create(parsed(full), withAttributes);
  const response = { ...full, headers, body: Buffer.from(JSON.stringify(others)) };
  return { response, items: [{ ...written, item }] };
}

async function itemsAfter(
  { action, fields }: AwsCall,
  written: readonly [WrittenKey, ...WrittenKey[]],
  response: AwsResponse,
  passOn: PassOn,
): Promise<WrittenItem[]> {
  const [only] = written;
  if (action === "PutItem") return [{ ...only, item: create(fields, withItem).Item }];
  if (action === "DeleteItem") return [{ ...only, item: undefined }];
  if (action === "UpdateItem" && fields["ReturnValues"] === "ALL_NEW") {
    return [{ ...only, item: create(parsed(response), withAttributes).Attributes }];
  }
  return Promise.all(
    written.map(async (each) => ({ ...each, item: await readItem(each, passOn) })),
  );
}

/** Undefined where there is none. */
export async function readItem(
  { table, key }: WrittenKey,
  passOn: PassOn,
): Promise<Item | undefined> {
  const request = { TableName: table, Key: key, ConsistentRead: true };
  const response = await passOn("GetItem", Buffer.from(JSON.stringify(request)));
  if (response.status !== 200) throw new Error(`a written item: ${response.body.toString()}`);
  return create(parsed(response), withItem).Item;
}

function parsed({ body }: AwsResponse): unknown {
  return JSON.parse(body.toString());
}
