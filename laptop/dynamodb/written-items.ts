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

/**
 * Performs a write. `full` has all attributes of an updated item, also where the call does not ask for them;
 * `response` has what it asks for.
 */
export async function writing(
  { action, fields, body }: AwsCall,
  passOn: PassOn,
): Promise<{ response: AwsResponse; full: AwsResponse }> {
  const asksForNone = [undefined, "NONE"].includes(fields["ReturnValues"] as string | undefined);
  if (action !== "UpdateItem" || !asksForNone) {
    const response = await passOn(action, body);
    return { response, full: response };
  }
  const changed = JSON.stringify({ ...fields, ReturnValues: "ALL_NEW" });
  const full = await passOn(action, Buffer.from(changed));
  if (full.status !== 200) return { response: full, full };
  const { "content-length": _length, "x-amz-crc32": _checksum, ...headers } = full.headers;
  const { Attributes: _attributes, ...others } = create(parsed(full), withAttributes);
  return { response: { ...full, headers, body: Buffer.from(JSON.stringify(others)) }, full };
}

/** The items that a call has written, as they are after it. */
export async function itemsAfter(
  { action, fields }: AwsCall,
  written: readonly WrittenKey[],
  full: AwsResponse,
  passOn: PassOn,
): Promise<WrittenItem[]> {
  const [only] = written;
  if (!only) return [];
  if (action === "PutItem") return [{ ...only, item: create(fields, withItem).Item }];
  if (action === "DeleteItem") return [{ ...only, item: undefined }];
  const { ReturnValues = "NONE" } = fields;
  if (action === "UpdateItem" && (ReturnValues === "NONE" || ReturnValues === "ALL_NEW")) {
    return [{ ...only, item: create(parsed(full), withAttributes).Attributes }];
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
