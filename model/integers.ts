const CHUNK_BITS = 20;
const CHUNK = 1 << CHUNK_BITS;

/** A growing list of 32-bit integers that is never copied: millions of states would not fit twice. */
export class Integers {
  readonly #chunks: Int32Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const offset = this.#length & (CHUNK - 1);
    if (offset === 0) this.#chunks.push(new Int32Array(CHUNK));
    const chunk = this.#chunks[this.#length >>> CHUNK_BITS];
    if (chunk) chunk[offset] = value;
    this.#length++;
  }

  get(index: number): number {
    const value = this.#chunks[index >>> CHUNK_BITS]?.[index & (CHUNK - 1)];
    if (value === undefined || index >= this.#length) throw new RangeError(`no element ${index}`);
    return value;
  }
}
