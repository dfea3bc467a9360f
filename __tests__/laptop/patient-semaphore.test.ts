import { availableParallelism } from "node:os";
import { makePatientSemaphore, type PatientOptions } from "../../laptop/patient-semaphore";

const CORES = availableParallelism();
/** More than it is patient for. */
const LONG = 600;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Whoever has come in, in turn, by what leaves. */
function makeVisitors(options: PatientOptions, count: number) {
  const places = makePatientSemaphore(options);
  const inside: (() => void)[] = [];
  for (let i = 0; i < count; i += 1) void places.acquire().then((leave) => inside.push(leave));
  return { places, inside };
}

const settle = () => jest.advanceTimersByTimeAsync(0);

describe("a patient semaphore", () => {
  it("gives as many places as there are cores at once", async () => {
    const { inside } = makeVisitors({}, CORES + 3);
    await settle();
    expect(inside).toHaveLength(CORES);
  });

  it("hands on a place that is given back", async () => {
    const { inside } = makeVisitors({}, CORES + 3);
    await settle();
    inside[0]?.();
    await settle();
    expect(inside).toHaveLength(CORES + 1);
  });

  it("has no more places while they are given back now and then", async () => {
    const { inside } = makeVisitors({}, CORES + 5);
    for (let i = 0; i < 4; i += 1) {
      await jest.advanceTimersByTimeAsync(LONG / 2);
      inside[i]?.();
    }
    await settle();
    expect(inside).toHaveLength(CORES + 4);
  });

  it("has twice as many once none was given back for a while, up to its maximum", async () => {
    const maximum = 3 * CORES;
    const { inside } = makeVisitors({ maximum }, 10 * CORES);
    await jest.advanceTimersByTimeAsync(LONG);
    expect(inside).toHaveLength(2 * CORES);
    await jest.advanceTimersByTimeAsync(10 * LONG);
    expect(inside).toHaveLength(maximum);
  });

  it("has no more where more would not help", async () => {
    let mayGrow = false;
    const { inside } = makeVisitors({ mayGrow: () => mayGrow }, CORES + 1);
    await jest.advanceTimersByTimeAsync(10 * LONG);
    expect(inside).toHaveLength(CORES);
    mayGrow = true;
    await jest.advanceTimersByTimeAsync(LONG);
    expect(inside).toHaveLength(CORES + 1);
  });

  it("lets everyone in once it is open", async () => {
    const { places, inside } = makeVisitors({ maximum: CORES }, CORES + 3);
    places.open();
    void places.acquire().then((leave) => inside.push(leave));
    await settle();
    expect(inside).toHaveLength(CORES + 4);
  });
});
