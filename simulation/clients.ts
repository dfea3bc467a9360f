import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { makeCancelOrder } from "../handlers/cancel-order";
import { makeCreateOrder } from "../handlers/create-order";
import { cancelOrderDeps } from "./functions/cancel-order";
import { createOrderDeps } from "./functions/create-order";
import type { PlannedOrder } from "./planned-order";
import type { Services } from "./services";
import { MINUTE, START, type World } from "./world";

export interface Clients {
  /** Requests that have not been answered, or will be repeated. */
  open(): number;
}

const CREATE_TIMEOUT_MS = 25_000;

/** Post the orders of the plan, and cancel them, when it says so, and post those of the stream. */
export function startClients(world: World, services: Services): Clients {
  const { plan, plannedOrders, clock, since, draws, names, checker, trace } = world;
  /** By the order's name: several where a request without an idempotency key was repeated. */
  const acceptedIds = new Map<string, string[]>();
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
    if (order.cancelAt.length === 0) return;
    const known = acceptedIds.get(order.name) ?? [];
    if (!known.includes(orderId)) acceptedIds.set(order.name, [...known, orderId]);
  }

  function cancel({ name }: PlannedOrder, n: number): void {
    for (const orderId of acceptedIds.get(name) ?? []) {
      services.lambda.invoke<APIGatewayProxyResult>(
        "cancel-order",
        `${names.of(orderId)} ${n}`,
        CREATE_TIMEOUT_MS,
        (invocation) =>
          makeCancelOrder(cancelOrderDeps(world, services, invocation))(cancellationOf(orderId)),
        (response) => {
          trace?.(`client of ${name}`, `cancels, and is answered ${response?.statusCode ?? 502}`);
          if (response) checker.cancelAnswered(orderId, response.statusCode);
        },
      );
    }
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
    for (const [i, at] of order.cancelAt.entries()) clock.at(START + at, () => cancel(order, i));
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
    parts: [],
    step: { kind: "works" },
    undo: { kind: "works" },
    cancelAt: [],
  };
}

/** Of what API Gateway makes of a request, what create-order reads. */
function requestOf({ customerId, key }: PlannedOrder): APIGatewayProxyEvent {
  const event: Partial<APIGatewayProxyEvent> = {
    body: JSON.stringify({ customerId, items: [{ sku: "tea", quantity: 3, unitPrice: 0.1 }] }),
    isBase64Encoded: false,
    multiValueHeaders: key === undefined ? {} : { "Idempotency-Key": [key] },
    requestContext: requestContext("/dev/orders"),
  };
  return event as APIGatewayProxyEvent;
}

/** The same, for cancel-order. */
function cancellationOf(orderId: string): APIGatewayProxyEvent {
  const event: Partial<APIGatewayProxyEvent> = {
    pathParameters: { orderId },
    requestContext: requestContext(`/dev/orders/${orderId}`),
  };
  return event as APIGatewayProxyEvent;
}

function requestContext(path: string): APIGatewayProxyEvent["requestContext"] {
  return { path, requestId: "request" } as APIGatewayProxyEvent["requestContext"];
}
