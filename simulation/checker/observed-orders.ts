import type { OrderStatus } from "../../handlers/order";
import type { Invocation } from "../invocation";
import type { Row } from "./row";

/** What was observed of one order, from outside. Times in milliseconds since 1970. */
export interface ObservedOrder {
  orderId: string;
  /** As it was written last; undefined where the table does not have it (yet, or any more). */
  row: Row | undefined;
  created: number;
  lives: Map<number, Life>;
  running: Set<StepRun>;
  /** The token under which an invocation has claimed the order. */
  tokens: Map<Invocation, string>;
  messagesOfCreate: number;
  /** When the reconciler sent it a message last. */
  lastHint: number;
  published: string[];
  createdAt: number;
  endedAt: number;
  notifiedAt: number;
}

/** One life of an order: a redrive begins another. */
export interface Life {
  /** When it was claimed. */
  claims: number[];
  steps: number;
  undos: number;
  undosDone: number;
  published: Set<string>;
  idempotencyKeys: Set<string>;
}

/** A run of the step, or of its undo. */
export interface StepRun {
  order: ObservedOrder;
  invocation: Invocation;
  isUndo: boolean;
  /** The life of its claim. */
  redrives: number;
}

/** How one order went. Times in milliseconds since 1970. */
export interface Outcome {
  name: string;
  status: OrderStatus;
  redrives: number;
  claims: number;
  steps: number;
  undos: number;
  /** Notifications that SNS has taken: such as `FAILED in life 0`. */
  published: string[];
  createdAt: number;
  endedAt: number;
  notifiedAt: number;
}

export function newObservedOrder(orderId: string): ObservedOrder {
  return {
    orderId,
    row: undefined,
    created: 0,
    lives: new Map(),
    running: new Set(),
    tokens: new Map(),
    messagesOfCreate: 0,
    lastHint: -Infinity,
    published: [],
    createdAt: 0,
    endedAt: 0,
    notifiedAt: 0,
  };
}

export function lifeOf({ lives }: ObservedOrder, redrives: number): Life {
  const known = lives.get(redrives);
  if (known) return known;
  const life: Life = {
    claims: [],
    steps: 0,
    undos: 0,
    undosDone: 0,
    published: new Set(),
    idempotencyKeys: new Set(),
  };
  lives.set(redrives, life);
  return life;
}

/** None of an order that the table does not have. */
export function outcomesOf(order: ObservedOrder, name: string): Outcome[] {
  const { row, published, createdAt, endedAt, notifiedAt } = order;
  if (!row) return [];
  const sum = (count: (life: Life) => number) =>
    [...order.lives.values()].reduce((total, life) => total + count(life), 0);
  return [
    {
      name,
      status: row.status,
      redrives: row.redrives,
      claims: sum(({ claims }) => claims.length),
      steps: sum(({ steps }) => steps),
      undos: sum(({ undos }) => undos),
      published,
      createdAt,
      endedAt,
      notifiedAt,
    },
  ];
}
