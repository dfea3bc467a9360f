import { availableParallelism } from "node:os";
import type { Sandbox } from "../../../laptop/lambda/sandbox";
import { makeSandboxPool, type Taken } from "../../../laptop/lambda/sandbox-pool";

const CORES = availableParallelism();

/** Nothing of a sandbox but what a pool looks at: the processes themselves have their own tests. */
function makePool() {
  const started: { alive: boolean; initMilliseconds: number | undefined }[] = [];
  const pool = makeSandboxPool(() => {
    const sandbox = {
      alive: true,
      initMilliseconds: undefined,
      kill: () => {
        sandbox.alive = false;
        return Promise.resolve();
      },
    };
    started.push(sandbox);
    return sandbox as unknown as Sandbox;
  });
  const take = async (): Promise<Taken> => {
    const taken = await pool.take();
    if (!taken) throw new Error("the pool has stopped");
    return taken;
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
    jest.useFakeTimers();
    try {
      const { pool, started } = makePool();
      for (let i = 0; i < CORES + 2; i += 1) void pool.take();
      await jest.advanceTimersByTimeAsync(60_000);
      expect(started).toHaveLength(CORES);
      for (const sandbox of started) sandbox.initMilliseconds = 100;
      await jest.advanceTimersByTimeAsync(1000);
      expect(started).toHaveLength(CORES + 2);
    } finally {
      jest.useRealTimers();
    }
  });

  it("gives none once it has stopped, also to those who wait", async () => {
    const { pool } = makePool();
    for (let i = 0; i < CORES; i += 1) await pool.take();
    const waiting = [pool.take(), pool.take()];
    await pool.stop();
    expect(await Promise.all([...waiting, pool.take()])).toEqual([undefined, undefined, undefined]);
    expect(pool.all()).toEqual([]);
  });
});
