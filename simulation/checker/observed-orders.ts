import type { EndStatus, OrderStatus } from "../../handlers/order";
import type { Invocation } from "../invocation";
import type { Row } from "./row";

/** What was observed of one order, from outside. Times in milliseconds since 1970. */
export interface ObservedOrder {
  orderId: string;
  /** As it was written last; undefined where the table does not have it (yet, or any more). */
  row: Row | undefined;
  created: number;
  lives: Map<number, Life>;
  running: Set<WorkRun>;
  /** The claim under which an invocation has the order. */
  claims: Map<Invocation, Claim>;
  messagesOfCreate: number;
  /** When the reconciler sent it a message last. */
  lastHint: number;
  published: string[];
  createdAt: number;
  endedAt: number;
  notifiedAt: number;
}

export interface Claim {
  redrives: number;
  attempt: number;
  /** What it wrote last said that the order is to be cancelled. */
  isToldToCancel: boolean;
}

/** One life of an order: a redrive begins another. */
export interface Life {
  /** Claims for the step, and for the undo. */
  claims: number;
  undoClaims: number;
  /** The same, since something was kept. */
  tries: number;
  undoTries: number;
  lastClaimAt: number;
  /** After how many tries the next claim has its backoff; undefined where it has none. */
  backoffAfter: number | undefined;
  kept: KeptEntry[];
  /** Until when a wait was to last as an attempt asked for it: by attempt and name. */
  asked: Map<string, number>;
  steps: number;
  undos: number;
  /** Tokens of the runs that there were: `step 0/1`. */
  runs: Set<string>;
  /** What came of a run, by its token. */
  returned: Map<string, Returned>;
  published: Set<string>;
  /** By step. */
  idempotencyKeys: Map<string, string>;
  end: { status: EndStatus; isUndoFailed: boolean; done: string[] } | undefined;
}

export interface KeptEntry {
  kind: "step" | "undo" | "wait";
  name: string;
  result?: unknown;
  until?: number;
  /** Of the claim under which it was kept. */
  attempt: number;
}

/** Of the business step: which steps have had their effect. */
export type Returned = "rejected" | "undone" | string[];

/** A run of the business step, or of its undo. */
export interface WorkRun {
  order: ObservedOrder;
  invocation: Invocation;
  isUndo: boolean;
  /** Of its claim. */
  redrives: number;
  attempt: number;
}

/** How one order went. Times in milliseconds since 1970. */
export interface Outcome {
  name: string;
  status: OrderStatus;
  isUndoFailed: boolean;
  redrives: number;
  claims: number;
  steps: number;
  undos: number;
  /** Names of what was kept in the last life. */
  kept: string[];
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
    claims: new Map(),
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
    claims: 0,
    undoClaims: 0,
    tries: 0,
    undoTries: 0,
    lastClaimAt: -Infinity,
    backoffAfter: undefined,
    kept: [],
    asked: new Map(),
    steps: 0,
    undos: 0,
    runs: new Set(),
    returned: new Map(),
    published: new Set(),
    idempotencyKeys: new Map(),
    end: undefined,
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
      isUndoFailed: row.isUndoFailed,
      redrives: row.redrives,
      claims: sum(({ claims, undoClaims }) => claims + undoClaims),
      steps: sum(({ steps }) => steps),
      undos: sum(({ undos }) => undos),
      kept: lifeOf(order, row.redrives).kept.map((each) => each.name),
      published,
      createdAt,
      endedAt,
      notifiedAt,
    },
  ];
}
