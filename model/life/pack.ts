import {
  type Creation,
  CREATION_STEPS,
  type History,
  isEnd,
  type Order,
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
  putAll(bits, state.workers, workerCode, MAX_WORKERS, WORKER_BITS);
  putAll(bits, state.messages, messageCode, MAX_MESSAGES, 3);
  putAll(bits, state.creations, creationCode, MAX_OTHERS, 2);
  putAll(bits, state.reconcilers, reconcilerCode, MAX_OTHERS, 2);
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
  const workers = takeAll(bits, MAX_WORKERS, WORKER_BITS).map(workerOf);
  const messages = takeAll(bits, MAX_MESSAGES, 3).map((code) => code - 1);
  const creations = takeAll(bits, MAX_OTHERS, 2).map((code) => nth(CREATION_STEPS, code - 1));
  const reconcilers = takeAll(bits, MAX_OTHERS, 2).map((code) => nth(RECONCILER_STEPS, code - 1));
  const rest = { posts, duplicates, redrives, workers, messages, creations, reconcilers };
  const state: State = { order, history, ...rest };
  if (bits.take(1) === 1) state.snapshot = takeOrder(bits);
  return state;
}

const STATUS_NUMBER = numbered(STATUSES);
const WORKER_STEP_NUMBER = numbered(WORKER_STEPS);
const WORKER_BITS = 15;

/** Never 0: a worker holds a message that was received at least once. */
function workerCode(worker: Worker): number {
  return (
    WORKER_STEP_NUMBER[worker.at] |
    (Number(worker.isZombie) << 4) |
    (worker.receives << 5) |
    (worker.attempt << 7) |
    (worker.redrives << 11) |
    (STATUS_NUMBER[worker.end] << 12)
  );
}

const messageCode = (receives: number) => receives + 1;
const creationCode = (step: Creation) => (step === "put" ? 1 : 2);
const reconcilerCode = (step: Reconciler) => (step === "postpone" ? 1 : 2);

function workerOf(code: number): Worker {
  const end = nth(STATUSES, code >> 12);
  if (!isEnd(end)) throw new Error(`${end} is no end`);
  return {
    at: nth(WORKER_STEPS, code & 15),
    isZombie: ((code >> 4) & 1) === 1,
    receives: (code >> 5) & 3,
    attempt: (code >> 7) & 15,
    redrives: (code >> 11) & 1,
    end,
  };
}

function putOrder(bits: BitWriter, order: Order): void {
  bits.put(STATUS_NUMBER[order.status], 3);
  bits.put(order.redrives, 1);
  bits.put(order.attempt, 4);
  bits.put(order.tries, 4);
  bits.put(Number(order.isLeased), 1);
  bits.put(Number(order.isInBackoff), 1);
  bits.put(Number(order.isOpen), 1);
  bits.put(Number(order.isDue), 1);
  bits.put(Number(order.isNotified), 1);
}

function takeOrder(bits: BitReader): Order {
  return {
    status: nth(STATUSES, bits.take(3)),
    redrives: bits.take(1),
    attempt: bits.take(4),
    tries: bits.take(4),
    isLeased: bits.take(1) === 1,
    isInBackoff: bits.take(1) === 1,
    isOpen: bits.take(1) === 1,
    isDue: bits.take(1) === 1,
    isNotified: bits.take(1) === 1,
  };
}

function putHistory(bits: BitWriter, history: History): void {
  bits.put(history.publications, 6);
  bits.put(history.stepRuns[0], 3);
  bits.put(history.stepRuns[1], 3);
  bits.put(history.stepClaims, 3);
  bits.put(history.undoClaims, 3);
  bits.put(history.undoRuns, 3);
  bits.put(Number(history.hasUndone), 1);
  bits.put(Number(history.hasReturned), 1);
  bits.put(Number(history.isRestored), 1);
}

function takeHistory(bits: BitReader): History {
  return {
    publications: bits.take(6),
    stepRuns: [bits.take(3), bits.take(3)],
    stepClaims: bits.take(3),
    undoClaims: bits.take(3),
    undoRuns: bits.take(3),
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

class BitWriter {
  #word = 0;
  #used = 0;

  constructor(private readonly words: Int32Array) {}

  put(value: number, width: number): void {
    if (value >>> width !== 0) throw new RangeError(`${value} does not fit into ${width} bits`);
    if (this.#used + width > 32) {
      this.#word++;
      this.#used = 0;
    }
    this.words[this.#word] = (this.words[this.#word] ?? 0) | (value << this.#used);
    this.#used += width;
  }
}

class BitReader {
  #word = 0;
  #used = 0;

  constructor(private readonly words: Int32Array) {}

  take(width: number): number {
    if (this.#used + width > 32) {
      this.#word++;
      this.#used = 0;
    }
    const value = ((this.words[this.#word] ?? 0) >>> this.#used) & ((1 << width) - 1);
    this.#used += width;
    return value;
  }
}

function nth<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`no element ${index}`);
  return value;
}

function numbered<T extends string>(names: readonly T[]): Readonly<Record<T, number>> {
  return Object.fromEntries(names.map((name, number) => [name, number])) as Record<T, number>;
}
