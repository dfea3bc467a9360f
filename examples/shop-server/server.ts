import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { array, create, defaulted, number, string, type } from "superstruct";
import { type Behaviour, makeBehaviour } from "./behaviour";
import {
  type Asked,
  type Entry,
  makeShopLedger,
  type Outcome,
  type Resource,
  RESOURCES,
} from "./ledger";

export interface ShopOptions {
  /** On 127.0.0.1; 0 for any that is free. */
  port: number;
  /** Probability with which a request goes wrong, and which those are. */
  faultRate: number;
  seed: number;
  /** Units in the warehouse. */
  stock: number;
}

/** What GET /ledger gives. */
export interface Books {
  entries: readonly Entry[];
  /** Units in the warehouse that nobody has reserved. */
  left: number;
  /** Requests that are not done with. */
  underWay: number;
}

const postedBody = type({
  orderId: string(),
  customerId: defaulted(string(), ""),
  amount: defaulted(number(), 0),
  items: defaulted(array(type({ quantity: defaulted(number(), 1) })), []),
});

const TITLES: Record<Outcome["status"], string> = {
  201: "done",
  204: "",
  402: "card declined",
  409: "out of stock",
  410: "this key was cancelled",
  422: "this key was used for another request",
};

/** A request that is well formed. */
interface Received {
  method: "POST" | "DELETE";
  resource: Resource;
  key: string;
  asked: Asked | undefined;
}

/**
 * Payment provider, warehouse and carrier in one: POST and DELETE of /reservations, /charges and /shipments
 * under an Idempotency-Key, and GET /ledger. Customers `declined-…` have no money, `unreachable-…` no address
 * that the carrier would take.
 */
export async function startShop({ port, ...options }: ShopOptions) {
  const shop = makeShop(options);
  const server = createServer((request, response) => {
    if (request.method === "GET" && request.url === "/ledger") {
      answer(response, 200, shop.books());
      return;
    }
    shop.serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no TCP server");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function makeShop({ faultRate, seed, stock }: Omit<ShopOptions, "port">) {
  const ledger = makeShopLedger(stock);
  const behaviourOf = makeBehaviour(faultRate, seed);
  const counts = new Map<string, number>();
  let underWay = 0;

  function behaviourOfNext({ method, resource, key }: Received): Behaviour {
    const name = [method, resource, key].join(" ");
    const n = (counts.get(name) ?? 0) + 1;
    counts.set(name, n);
    return behaviourOf({ method, resource, key, n });
  }

  async function respond(received: Received, response: ServerResponse): Promise<void> {
    const { resource, key, asked } = received;
    const { delayMilliseconds, fault } = behaviourOfNext(received);
    await setTimeout(delayMilliseconds);
    if (fault === "fails" || isUnreachable(received)) {
      answer(response, 503, {});
      return;
    }
    const { status, id } = asked ? ledger.post(resource, key, asked) : ledger.cancel(resource, key);
    if (fault === "fails after") answer(response, 500, {});
    else if (fault === "dropped") response.destroy();
    else answer(response, status, { title: TITLES[status], id });
  }

  return {
    books: (): Books => ({ entries: ledger.entries(), left: ledger.left(), underWay }),
    async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
      underWay += 1;
      try {
        const received = await receivedFrom(request);
        if (received) await respond(received, response);
        else answer(response, 400, { title: "malformed request" });
      } finally {
        underWay -= 1;
      }
    },
  };
}

function isUnreachable({ resource, asked }: Received): boolean {
  return resource === "shipments" && asked?.customerId.startsWith("unreachable-") === true;
}

/** Undefined where it is malformed. */
async function receivedFrom(request: IncomingMessage): Promise<Received | undefined> {
  const { method, url, headers } = request;
  const resource = RESOURCES.find((each) => url === `/${each}`);
  const key = headers["idempotency-key"];
  if (!resource || typeof key !== "string" || key === "") return undefined;
  if (method === "DELETE") return { method, resource, key, asked: undefined };
  const asked = method === "POST" ? askedIn(await text(request)) : undefined;
  return method === "POST" && asked ? { method, resource, key, asked } : undefined;
}

function askedIn(body: string): Asked | undefined {
  try {
    const { orderId, customerId, amount, items } = create(JSON.parse(body), postedBody);
    const units = items.reduce((sum, { quantity }) => sum + quantity, 0);
    return { orderId, customerId, units, amount };
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(status === 204 ? undefined : JSON.stringify(body));
}
