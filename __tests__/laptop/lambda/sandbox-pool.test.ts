import type { Sandbox } from "../../../laptop/lambda/sandbox";
import { makeSandboxPool, type Taken } from "../../../laptop/lambda/sandbox-pool";
import { UNHESITATING } from "../../../laptop/patient-semaphore";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Nothing of a sandbox but what a pool looks at: the processes themselves have their own tests. */
function makePool() {
  const started: { alive: boolean; initMilliseconds: number | undefined }[] = [];
  const pool = makeSandboxPool(() => {
    const sandbox = {
      alive: true,
      initMilliseconds: 100 as number | undefined,
      kill: () => {
        sandbox.alive = false;
        return Promise.resolve();
      },
    };
    started.push(sandbox);
    return sandbox as unknown as Sandbox;
  });
  /** Patiently. */
  const take = async (): Promise<Taken> => {
    const taken = pool.take();
    await jest.advanceTimersByTimeAsync(1000);
    const result = await taken;
    if (!result) throw new Error("the pool has stopped");
    return result;
  };
  return { pool, started, take };
}

describe("a pool of sandboxes", () => {
  it("gives the one that was used last, and starts none while one is idle", async () => {
    const { started, take } = makePool();
    const [one, other] = [await take(), await take()];
    one.giveBack();
    other.giveBack();
    const next = await take();
    expect([next.sandbox, next.cold]).toEqual([other.sandbox, false]);
    expect([one.cold, other.cold, started.length]).toEqual([true, true, 2]);
  });

  it("starts another in the place of one that has ended, idle or at work", async () => {
    const { pool, started, take } = makePool();
    const [idle, atWork] = [await take(), await take()];
    idle.giveBack();
    await idle.sandbox.kill();
    await atWork.sandbox.kill();
    atWork.giveBack();
    expect(pool.all()).toEqual([]);
    const next = await take();
    expect([next.cold, started.length]).toEqual([true, 3]);
  });

  it("starts no other while one is starting, however long the others wait", async () => {
    const { pool, started } = makePool();
    for (let i = 0; i < UNHESITATING + 1; i += 1) void pool.take();
    await jest.advanceTimersByTimeAsync(0);
    for (const sandbox of started) sandbox.initMilliseconds = undefined;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(started).toHaveLength(UNHESITATING);
    for (const sandbox of started) sandbox.initMilliseconds = 100;
    await jest.advanceTimersByTimeAsync(1000);
    expect(started).toHaveLength(UNHESITATING + 1);
  });

  it("gives none once it has stopped, also to those who wait", async () => {
    const { pool } = makePool();
    for (let i = 0; i < UNHESITATING; i += 1) await pool.take();
    const waiting = [pool.take(), pool.take()];
    await pool.stop();
    expect(await Promise.all([...waiting, pool.take()])).toEqual([undefined, undefined, undefined]);
    expect(pool.all()).toEqual([]);
  });
});
