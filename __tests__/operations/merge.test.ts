import fc from "fast-check";
import { merge } from "../../operations/redrive/merge";

describe("merge", () => {
  it("makes one ordered sequence, reading one element of each source ahead", async () => {
    const lists = fc.array(fc.array(fc.nat(50)).map((list) => list.sort((a, b) => a - b)));
    await fc.assert(
      fc.asyncProperty(lists, async (sorted) => {
        let taken = 0;
        async function* source(list: number[]) {
          for (const each of list) {
            taken += 1;
            yield await Promise.resolve(each);
          }
        }
        const merged: number[] = [];
        for await (const each of merge(sorted.map(source), (key) => key)) {
          merged.push(each);
          expect(taken - merged.length).toBeLessThanOrEqual(sorted.length);
        }
        expect(merged).toEqual(sorted.flat().sort((a, b) => a - b));
      }),
    );
  });
});
