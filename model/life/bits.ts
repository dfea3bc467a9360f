/** Puts small numbers into words, none across two of them. */
export class BitWriter {
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

/** Takes them out again, in the order in which they were put. */
export class BitReader {
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
