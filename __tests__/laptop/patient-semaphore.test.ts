import {
  makePatientSemaphore,
  type PatientOptions,
  UNHESITATING,
} from "../../laptop/patient-semaphore";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Those who have come in, by what leaves. */
function makeVisitors(options: PatientOptions, count: number) {
  const places = makePatientSemaphore(options);
  const inside: (() => void)[] = [];
  for (let i = 0; i < count; i += 1) void places.acquire().then((leave) => inside.push(leave));
  return { places, inside };
}

const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

describe("a patient semaphore", () => {
  it("gives some places at once", async () => {
    const { inside } = makeVisitors({}, UNHESITATING + 3);
    await pass(0);
    expect(inside).toHaveLength(UNHESITATING);
  });

  it("hands on a place that is given back", async () => {
    const { inside } = makeVisitors({}, UNHESITATING + 3);
    await pass(0);
    inside[0]?.();
    await pass(0);
    expect(inside).toHaveLength(UNHESITATING + 1);
  });

  it("has no more places while they are soon given back", async () => {
    const { inside } = makeVisitors({}, 1000);
    await pass(0);
    for (let left = 0, time = 0; time < 3000; time += 100) {
      await pass(100);
      for (let i = 0; i < UNHESITATING; i += 1, left += 1) inside[left]?.();
    }
    await pass(0);
    expect(inside).toHaveLength(31 * UNHESITATING);
  });

  it("has twice as many each time that they are held for long, up to its maximum", async () => {
    const maximum = 3 * UNHESITATING;
    const { inside } = makeVisitors({ maximum }, 10 * UNHESITATING);
    await pass(600);
    expect(inside).toHaveLength(2 * UNHESITATING);
    await pass(6000);
    expect(inside).toHaveLength(maximum);
  });

  it("has no more where more would not help", async () => {
    let mayGrow = false;
    const { inside } = makeVisitors({ mayGrow: () => mayGrow }, UNHESITATING + 1);
    await pass(6000);
    expect(inside).toHaveLength(UNHESITATING);
    mayGrow = true;
    await pass(600);
    expect(inside).toHaveLength(UNHESITATING + 1);
  });

  it("lets everyone in once it is open", async () => {
    const { places, inside } = makeVisitors({ maximum: UNHESITATING }, UNHESITATING + 3);
    places.open();
    void places.acquire().then((leave) => inside.push(leave));
    await pass(0);
    expect(inside).toHaveLength(UNHESITATING + 4);
  });
});
