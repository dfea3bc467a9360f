import { BitReader, BitWriter } from "./bits";
import {
  type Cancellation,
  CANCELLATION_STEPS,
  type Creation,
  CREATION_STEPS,
  ENDINGS,
  ENDS,
  type History,
  type Order,
  PAUSES,
  type Reconciler,
  RECONCILER_STEPS,
  type State,
  STATUSES,
  type Worker,
  WORKER_STEPS,
} from "./state";

export const WORDS_PER_STATE = 6;
const MAX_WORKERS = 3;
const MAX_MESSAGES = 3;
const MAX_OTHERS = 2;

/** Two states that differ only in which of several equal actors does what are packed alike. */
export function pack(state: State, words: Int32Array): void {
  const bits = new BitWriter(words);
  putOrder(bits, state.order);
  putHistory(bits, state.history);
  bits.put(state.posts, 2);
  bits.put(state.duplicates, 2);
  bits.put(state.redrives, 1);
  bits.put(state.cancels, 1);
  putAll(bits, state.workers, workerCode, MAX_WORKERS, WORKER_BITS);
  putAll(bits, state.messages, messageCode, MAX_MESSAGES, 3);
  putAll(bits, state.creations, creationCode, MAX_OTHERS, 2);
  putAll(bits, state.reconcilers, reconcilerCode, MAX_OTHERS, 2);
  putAll(bits, state.cancellations, cancellationCode, 1, CANCELLATION_BITS);
  bits.put(state.snapshot ? 1 : 0, 1);
  if (state.snapshot) putOrder(bits, state.snapshot);
}

export function unpack(words: Int32Array): State {
  const bits = new BitReader(words);
  const order = takeOrder(bits);
  const history = takeHistory(bits);
  const posts = bits.take(2);
  const duplicates = bits.take(2);
  const redrives = bits.take(1);
  const cancels = bits.take(1);
  const workers = takeAll(bits, MAX_WORKERS, WORKER_BITS).map(workerOf);
  const messages = takeAll(bits, MAX_MESSAGES, 3).map((code) => code - 1);
  const creations = takeAll(bits, MAX_OTHERS, 2).map((code) => nth(CREATION_STEPS, code - 1));
  const reconcilers = takeAll(bits, MAX_OTHERS, 2).map((code) => nth(RECONCILER_STEPS, code - 1));
  const cancellations = takeAll(bits, 1, CANCELLATION_BITS).map(cancellationOf);
  const allowed = { posts, duplicates, redrives, cancels };
  const actors = { workers, messages, creations, reconcilers, cancellations };
  const state: State = { order, history, ...allowed, ...actors };
  if (bits.take(1) === 1) state.snapshot = takeOrder(bits);
  return state;
}

const STATUS_NUMBER = numbered(STATUSES);
const PAUSE_NUMBER = numbered(PAUSES);
const ENDING_NUMBER = numbered(ENDINGS);
const END_NUMBER = numbered(ENDS);
const WORKER_STEP_NUMBER = numbered(WORKER_STEPS);
const CANCELLATION_STEP_NUMBER = numbered(CANCELLATION_STEPS);
const WORKER_BITS = 16;
const CANCELLATION_BITS = 7;

/** Never 0: a worker holds a message that was received at least once. */
function workerCode(worker: Worker): number {
  return (
    WORKER_STEP_NUMBER[worker.at] |
    (Number(worker.isZombie) << 4) |
    (worker.receives << 5) |
    (worker.attempt << 7) |
    (worker.redrives << 11) |
    (END_NUMBER[worker.end] << 12) |
    (worker.kept << 14)
  );
}

const messageCode = (receives: number) => receives + 1;
const creationCode = (step: Creation) => (step === "put" ? 1 : 2);
const reconcilerCode = (step: Reconciler) => (step === "postpone" ? 1 : 2);

function workerOf(code: number): Worker {
  return {
    at: nth(WORKER_STEPS, code & 15),
    isZombie: ((code >> 4) & 1) === 1,
    receives: (code >> 5) & 3,
    attempt: (code >> 7) & 15,
    redrives: (code >> 11) & 1,
    end: nth(ENDS, (code >> 12) & 3),
    kept: code >> 14,
  };
}

function cancellationCode({ at, redrives, attempt }: Cancellation): number {
  return (CANCELLATION_STEP_NUMBER[at] + 1) | (redrives << 2) | (attempt << 3);
}

function cancellationOf(code: number): Cancellation {
  const at = nth(CANCELLATION_STEPS, (code & 3) - 1);
  return { at, redrives: (code >> 2) & 1, attempt: code >> 3 };
}

function putOrder(bits: BitWriter, order: Order): void {
  bits.put(STATUS_NUMBER[order.status], 3);
  bits.put(order.redrives, 1);
  bits.put(order.attempt, 4);
  bits.put(order.tries, 3);
  bits.put(order.undoTries, 3);
  bits.put(Number(order.isLeased), 1);
  bits.put(PAUSE_NUMBER[order.pause], 2);
  bits.put(ENDING_NUMBER[order.ending], 2);
  bits.put(Number(order.isCancelRequested), 1);
  bits.put(order.kept, 2);
  bits.put(order.keptOfUndo, 2);
  bits.put(Number(order.isOpen), 1);
  bits.put(Number(order.isDue), 1);
  bits.put(Number(order.isNotified), 1);
}

function takeOrder(bits: BitReader): Order {
  return {
    status: nth(STATUSES, bits.take(3)),
    redrives: bits.take(1),
    attempt: bits.take(4),
    tries: bits.take(3),
    undoTries: bits.take(3),
    isLeased: bits.take(1) === 1,
    pause: nth(PAUSES, bits.take(2)),
    ending: nth(ENDINGS, bits.take(2)),
    isCancelRequested: bits.take(1) === 1,
    kept: bits.take(2),
    keptOfUndo: bits.take(2),
    isOpen: bits.take(1) === 1,
    isDue: bits.take(1) === 1,
    isNotified: bits.take(1) === 1,
  };
}

function putHistory(bits: BitWriter, history: History): void {
  bits.put(history.publications, 8);
  bits.put(history.claims, 3);
  bits.put(history.undoClaims, 3);
  bits.put(history.kept, 2);
  bits.put(history.keptOfUndo, 2);
  bits.put(Number(history.hasBegunUndo), 1);
  bits.put(Number(history.hasUndone), 1);
  bits.put(Number(history.hasReturned), 1);
  bits.put(Number(history.isRestored), 1);
}

function takeHistory(bits: BitReader): History {
  return {
    publications: bits.take(8),
    claims: bits.take(3),
    undoClaims: bits.take(3),
    kept: bits.take(2),
    keptOfUndo: bits.take(2),
    hasBegunUndo: bits.take(1) === 1,
    hasUndone: bits.take(1) === 1,
    hasReturned: bits.take(1) === 1,
    isRestored: bits.take(1) === 1,
  };
}

/** In descending order; 0 stands for nobody. */
function putAll<T>(
  bits: BitWriter,
  items: readonly T[],
  codeOf: (item: T) => number,
  room: number,
  width: number,
): void {
  if (items.length > room) throw new RangeError(`${items.length} where ${room} have room`);
  const codes = [0, 0, 0];
  for (const item of items) insert(codes, codeOf(item));
  for (let i = 0; i < room; i++) bits.put(codes[i] ?? 0, width);
}

function insert(codes: number[], code: number): void {
  let i = codes.length - 1;
  for (; i > 0 && (codes[i - 1] ?? 0) < code; i--) codes[i] = codes[i - 1] ?? 0;
  codes[i] = code;
}

function takeAll(bits: BitReader, count: number, width: number): number[] {
  const codes: number[] = [];
  for (let i = 0; i < count; i++) {
    const code = bits.take(width);
    if (code !== 0) codes.push(code);
  }
  return codes;
}

function nth<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`no element ${index}`);
  return value;
}

function numbered<T extends string>(names: readonly T[]): Readonly<Record<T, number>> {
  return Object.fromEntries(names.map((name, number) => [name, number])) as Record<T, number>;
}
