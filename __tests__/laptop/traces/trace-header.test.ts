import { formatTraceHeader, newRoot, parseTraceHeader } from "../../../laptop/traces/trace-header";

const ROOT = "1-65f0c0de-6f1e0b0d5a2f4c3b8e7d6a59";
const PARENT = "53995c3f42cd8ad8";

describe("a trace header", () => {
  it.each([{ root: ROOT, parent: PARENT }, { root: ROOT }])(
    "is read as it was written: %j",
    (of) => {
      expect(parseTraceHeader(formatTraceHeader(of))).toEqual(of);
    },
  );

  it("is read as other tools write it", () => {
    const context = { root: ROOT, parent: PARENT };
    const header = `Self=1-1; Root=${ROOT}; Parent=${PARENT}; Sampled=0; Lineage=a:0`;
    expect(parseTraceHeader(header)).toEqual(context);
  });

  it.each([undefined, 7, "", "Root=1-2-3", `Root=${ROOT}0`, `NoRoot=${ROOT}`, `Parent=${PARENT}`])(
    "is none: %j",
    (header) => {
      expect(parseTraceHeader(header)).toBeUndefined();
    },
  );

  it("begins with a root of its time, and another one each time", () => {
    const now = new Date(0x65f0c0de * 1000 + 999);
    expect(newRoot(now)).toMatch(/^1-65f0c0de-[\da-f]{24}$/);
    expect(newRoot(now)).not.toBe(newRoot(now));
  });
});
