import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { makeCreateOrder } from "../handlers/create-order";
import { createOrderDeps } from "./functions/create-order";
import type { PlannedOrder } from "./plan";
import type { Services } from "./services";
import { MINUTE, START, type World } from "./world";

export interface Clients {
  /** Requests that have not been answered, or will be repeated. */
  open(): number;
}

const CREATE_TIMEOUT_MS = 25_000;

/** Post the orders of the plan, when it says so, and those of the stream. */
export function startClients(world: World, services: Services): Clients {
  const { plan, plannedOrders, clock, since, draws, checker, trace } = world;
  let open = 0;

  function post(order: PlannedOrder, n: number, patience: number): void {
    const about = `${order.name} post ${n}`;
    open += 1;
    services.lambda.invoke<APIGatewayProxyResult>(
      "create-order",
      about,
      CREATE_TIMEOUT_MS,
      (invocation) =>
        makeCreateOrder(createOrderDeps(world, services, invocation, order))(requestOf(order)),
      (response) => {
        open -= 1;
        trace?.(`client of ${order.name}`, `is answered ${response?.statusCode ?? 502}`);
        if (response?.statusCode === 202) accepted(order, response);
        else if (patience > 0) repeat(order, n, patience);
      },
    );
  }

  function accepted(order: PlannedOrder, response: APIGatewayProxyResult): void {
    const { orderId } = JSON.parse(response.body) as { orderId: string };
    checker.accepted(orderId, order.key);
  }

  function repeat(order: PlannedOrder, n: number, patience: number): void {
    const delay = draws.magnitude(`again ${order.name} post ${n}`, 1000, 5 * MINUTE);
    open += 1;
    clock.after(delay, () => {
      open -= 1;
      post(order, n + 100, patience - 1);
    });
  }

  function postNextOfStream(n: number): void {
    if (!plan.stream || since() > plan.stream.until) return;
    const order = orderOfStream(n);
    plannedOrders.set(order.customerId, order);
    post(order, 0, 0);
    clock.after(1000 / plan.stream.perSecond, () => postNextOfStream(n + 1));
  }

  for (const order of plan.orders) {
    clock.at(START + order.postAt, () => post(order, 0, order.patience));
    for (const [i, at] of order.repostAt.entries()) {
      clock.at(START + at, () => post(order, i + 1, 0));
    }
  }
  postNextOfStream(0);
  return { open: () => open };
}

function orderOfStream(n: number): PlannedOrder {
  return {
    name: `order-${n}`,
    customerId: `customer-${n}`,
    key: `key-of-order-${n}-0000`,
    postAt: 0,
    repostAt: [],
    patience: 0,
    step: { kind: "works" },
    undo: { kind: "works" },
  };
}

/** Of what API Gateway makes of a request, what create-order reads. */
function requestOf({ customerId, key }: PlannedOrder): APIGatewayProxyEvent {
  const event: Partial<APIGatewayProxyEvent> = {
    body: JSON.stringify({ customerId, items: [{ sku: "tea", quantity: 3, unitPrice: 0.1 }] }),
    isBase64Encoded: false,
    multiValueHeaders: key === undefined ? {} : { "Idempotency-Key": [key] },
    requestContext: {
      path: "/dev/orders",
      requestId: "request",
    } as APIGatewayProxyEvent["requestContext"],
  };
  return event as APIGatewayProxyEvent;
}
