import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { makeOrdersTable, type OrdersTable } from "../handlers/aws/orders-table";
import { type Item, SHELVES } from "../handlers/aws/stored-order";
import type { Invocation } from "./invocation";
import type { Lambda } from "./lambda";
import { makePast } from "./past";
import { describeWrite } from "./print-order";
import { makeTable, type TableCommand, type TableOutput } from "./table";
import type { World } from "./world";

/** The table of all invocations, and of operators. */
export interface SimulatedOrders {
  /** The table as one invocation has it: each call may go wrong. */
  of(invocation: Invocation): OrdersTable;
  has(orderId: string): boolean;
  isFailed(orderId: string): boolean;
  all(): Item[];
  /** `run` gets each item that was written, after it was checked. */
  onWrite(run: (orderId: string, item: Item) => void): void;
  forget(orderId: string): void;
  /** Brings back what the table held then, in milliseconds since 1970. */
  restore(to: number): Map<string, Item>;
}

/** How far an index may lag behind. */
const MAX_STALE_MS = 20_000;

export function makeSimulatedOrders(world: World, lambda: Lambda): SimulatedOrders {
  const { clock, draws, names, checker, trace } = world;
  const past = makePast(world);
  let notice: (orderId: string, item: Item) => void = () => undefined;
  /** The one whose call is being performed. */
  let writer: Invocation | undefined;

  const table = makeTable({
    key: "orderId",
    index: {
      name: SHELVES.index,
      partition: SHELVES.partition,
      sort: SHELVES.sort,
      projected: SHELVES.projected,
    },
    now: clock.now,
    maxStaleMilliseconds: MAX_STALE_MS,
    onWrite({ key: orderId, before, after }) {
      past.add(orderId, after);
      trace?.(writer?.key ?? "", `${names.of(orderId)} is ${describeWrite(before, after)}`);
      if (writer) checker.wrote(writer, orderId, after);
      notice(orderId, after);
    },
  });

  function perform(invocation: Invocation, command: TableCommand, staleMs: number): TableOutput {
    writer = invocation;
    try {
      return table.perform(command, { asOf: clock.now() - staleMs });
    } finally {
      writer = undefined;
    }
  }

  function staleness({ key }: Invocation): number {
    return draws.of(`is stale ${key}`) < 0.7
      ? 0
      : draws.magnitude(`stale ${key}`, 10, MAX_STALE_MS);
  }

  function clientOf(invocation: Invocation): Pick<DynamoDBClient, "send"> {
    let looks: Promise<number> | undefined;
    const send = (command: TableCommand): Promise<TableOutput> => {
      if (!(command instanceof QueryCommand)) {
        const name = nameOfCall(command);
        return lambda.call(invocation, "dynamodb", name, () => perform(invocation, command, 0));
      }
      // The queries of one run, one for each shelf, are one call with one fault: they are the commonest.
      looks ??= lambda.call(invocation, "dynamodb", "Query", () => staleness(invocation));
      return looks.then((staleMs) => perform(invocation, command, staleMs));
    };
    return { send } as Pick<DynamoDBClient, "send">;
  }

  return {
    of(invocation) {
      let ids = 0;
      return makeOrdersTable(clientOf(invocation), "orders", () => {
        ids += 1;
        return `${invocation.key}#${ids}`;
      });
    },
    has: (orderId) => table.item(orderId) !== undefined,
    isFailed: (orderId) => table.item(orderId)?.["status"]?.S === "FAILED",
    all: table.items,
    onWrite(run) {
      notice = run;
    },
    forget: (orderId) => table.forget(orderId),
    restore(to) {
      const items = past.goBack(to);
      table.restore([...items.values()]);
      return items;
    },
  };
}

/** Not by the name of its class, which a bundler may change. */
function nameOfCall(command: TableCommand): string {
  if (command instanceof PutItemCommand) return "PutItem";
  return command instanceof GetItemCommand ? "GetItem" : "UpdateItem";
}
