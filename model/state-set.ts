import { Integers } from "./integers";

/** States packed into a fixed number of words, each numbered in the order in which it was added. */
export class StateSet {
  readonly #words = new Integers();
  /** Open addressing: a state's number + 1 where its hash leads to, 0 where nothing is. */
  #slots = new Int32Array(1 << 16);
  #size = 0;

  constructor(private readonly wordsPerState: number) {}

  get size(): number {
    return this.#size;
  }

  /** The state's number, and whether it is new. */
  add(words: Int32Array): { number: number; isNew: boolean } {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    let slot = hash(words) & (this.#slots.length - 1);
    for (;;) {
      const number = (this.#slots[slot] ?? 0) - 1;
      if (number < 0) break;
      if (this.#equals(number, words)) return { number, isNew: false };
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    for (const word of words) this.#words.push(word);
    this.#slots[slot] = ++this.#size;
    return { number: this.#size - 1, isNew: true };
  }

  read(number: number, words: Int32Array): void {
    const start = number * this.wordsPerState;
    for (let i = 0; i < this.wordsPerState; i++) words[i] = this.#words.get(start + i);
  }

  #equals(number: number, words: Int32Array): boolean {
    const start = number * this.wordsPerState;
    for (let i = 0; i < this.wordsPerState; i++) {
      if (this.#words.get(start + i) !== words[i]) return false;
    }
    return true;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const words = new Int32Array(this.wordsPerState);
    for (let number = 0; number < this.#size; number++) {
      this.read(number, words);
      let slot = hash(words) & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

function hash(words: Int32Array): number {
  let mixed = 0x9e3779b9;
  for (const word of words) {
    mixed = Math.imul(mixed ^ word, 0x85ebca6b);
    mixed ^= mixed >>> 13;
    mixed = Math.imul(mixed, 0xc2b2ae35);
    mixed ^= mixed >>> 16;
  }
  return mixed >>> 0;
}
