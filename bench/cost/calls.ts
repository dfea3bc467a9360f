import { array, create, defaulted, record, string, type, unknown } from "superstruct";
import type { AwsCall } from "../../laptop/aws-call";
import type { AwsResponse } from "../../laptop/endpoint/errors";
import type { TableShape } from "./registered";
import { chunks, type Item, readUnits, sizeOf, type WriteUnits, writeUnits } from "./units";

export interface MadeCall {
  call: AwsCall;
  response: AwsResponse;
}

/** A call to AWS, and what it is billed by. */
export interface BilledCall extends Pick<AwsCall, "caller" | "service" | "action"> {
  /** Whether a function has made it: Lambda's pollers call, too. */
  isOfFunction: boolean;
  writeUnits?: WriteUnits;
  readUnits?: number;
  /** Of SQS or SNS: each chunk of 64 KB is one. */
  requests?: number;
}

type Units = Pick<BilledCall, "writeUnits" | "readUnits" | "requests">;
type Tables = ReadonlyMap<string, TableShape>;

const attributes = record(string(), unknown());
const putFields = type({ Item: attributes });
const updateFields = type({ Key: attributes });
const updateResponse = type({ Attributes: attributes });
const readResponse = type({
  Item: defaulted(attributes, {}),
  Items: defaulted(array(attributes), []),
});

/**
 * What these calls are billed by. All writes of an item must be among them, as each is billed by what was there
 * before, too. Throws where that is not known, and where a call was refused.
 */
export function billed(made: readonly MadeCall[], tables: Tables): BilledCall[] {
  const items = new Map<string, Item>();
  return made.map(({ call, response }) => {
    const { caller, service, action, sandboxId } = call;
    if (response.status !== 200) throw new Error(`${caller}: ${action} was refused`);
    const units = unitsOf(call, response, tables, items);
    return { caller, service, action, isOfFunction: sandboxId !== undefined, ...units };
  });
}

function unitsOf(
  call: AwsCall,
  response: AwsResponse,
  tables: Tables,
  items: Map<string, Item>,
): Units {
  const { service, action, body } = call;
  if (service === "sns") return { requests: chunks(body.length) };
  if (service === "sqs") {
    return { requests: chunks(action === "ReceiveMessage" ? response.body.length : body.length) };
  }
  if (service !== "dynamodb") return {};
  if (action === "GetItem" || action === "Query") return { readUnits: unitsOfRead(call, response) };
  const table = tables.get(call.resource) ?? { keys: [], indexes: [] };
  const { key, after } = writtenItem(call, response, table);
  const before = items.get(key);
  items.set(key, after);
  return { writeUnits: writeUnits(before, after, table.indexes) };
}

function unitsOfRead({ fields }: AwsCall, response: AwsResponse): number {
  const { Item, Items } = create(parsed(response), readResponse);
  const bytes = [Item, ...Items].reduce((total, item) => total + sizeOf(item as Item), 0);
  return readUnits(bytes, fields["ConsistentRead"] === true);
}

function writtenItem(
  { action, resource, fields }: AwsCall,
  response: AwsResponse,
  { keys }: TableShape,
): { key: string; after: Item } {
  const idOf = (key: object) => JSON.stringify([resource, Object.entries(key).toSorted()]);
  switch (action) {
    case "PutItem": {
      const after = create(fields, putFields).Item as Item;
      return { key: idOf(Object.fromEntries(keys.map((name) => [name, after[name]]))), after };
    }
    case "UpdateItem": {
      const { Attributes } = create(parsed(response), updateResponse);
      return { key: idOf(create(fields, updateFields).Key), after: Attributes as Item };
    }
    default:
      throw new Error(`how ${action} of DynamoDB is billed is not known here`);
  }
}

function parsed({ body }: AwsResponse): unknown {
  return JSON.parse(body.toString());
}
