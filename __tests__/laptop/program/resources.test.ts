import { number, type } from "superstruct";
import { defineProvider, type Registration } from "../../../laptop/program/provider";
import { makeResources } from "../../../laptop/program/resources";

const BOX = "aws:toy/box:Box";
const SAFE = "aws:toy/safe:Safe";
const RUNNER = "aws:toy/runner:Runner";

/** Three kinds of resources, and what is done to them. */
function setUp() {
  const log: string[] = [];
  const warnings: string[] = [];
  const emulated = type({ size: number() });
  const providers = {
    [BOX]: defineProvider({
      emulated,
      withoutEffect: ["note"],
      create(id, { size }) {
        if (size < 0) throw new Error("no such size");
        log.push(`create ${size}`);
        return {
          id,
          outputs: { volume: size ** 3 },
          dispose: () => void log.push(`dispose ${size}`),
        };
      },
    }),
    [SAFE]: defineProvider({
      emulated,
      kept: { holds: "gold", replacedBy: ["size"] },
      create: (id) => ({ id, outputs: {} }),
    }),
    [RUNNER]: defineProvider({
      emulated,
      create: (id) => ({
        id,
        outputs: {},
        update: ({ size }) => {
          log.push(`prepare ${size}`);
          return () => void log.push(`run ${size}`);
        },
      }),
    }),
  };
  const resources = makeResources(providers, ({ text }) => void warnings.push(text));
  const evaluate = async (...registrations: Registration[]) => {
    const update = resources.beginUpdate();
    try {
      for (const each of registrations) await update.register(each);
      return await update.finish();
    } catch (error) {
      await update.undo();
      throw error;
    } finally {
      log.push("·");
    }
  };
  return { evaluate, resources, log, warnings };
}

const of = (type: string, size: number, others = {}): Registration => ({
  type,
  name: "a",
  custom: true,
  inputs: { size, ...others },
});

describe("the resources of a program that is evaluated again", () => {
  it("stay where they are registered as before, or changed without effect", async () => {
    const { evaluate, resources, log } = setUp();
    await evaluate(of(BOX, 1));
    expect(await evaluate(of(BOX, 1))).toEqual({ live: [], gone: [] });
    expect(await evaluate(of(BOX, 1, { note: "mine" }))).toEqual({ live: [], gone: [] });
    expect(log).toEqual(["create 1", "·", "·", "·"]);
    const { outputs } = await resources.beginUpdate().register(of(BOX, 1, { note: "mine" }));
    expect(outputs).toEqual({ size: 1, note: "mine", volume: 1 });
  });

  it("are created again with other inputs, and disposed of where they are gone", async () => {
    const { evaluate, log } = setUp();
    await evaluate(of(BOX, 1));
    expect(await evaluate(of(BOX, 2))).toEqual({ live: ['box "a"'], gone: [] });
    expect(await evaluate()).toEqual({ live: [], gone: ['box "a"'] });
    expect(log).toEqual(["create 1", "·", "dispose 1", "create 2", "·", "dispose 2", "·"]);
  });

  it("are replaced at the end where that can wait", async () => {
    const { evaluate, log } = setUp();
    await evaluate(of(RUNNER, 1));
    await evaluate(of(RUNNER, 2), of(BOX, 1));
    expect(log).toEqual(["·", "prepare 2", "create 1", "run 2", "·"]);
  });

  it("are as before when the program fails", async () => {
    const { evaluate, log } = setUp();
    const other = { ...of(BOX, -1), name: "b" };
    await evaluate(of(RUNNER, 1), of(BOX, 1));
    await expect(evaluate(of(RUNNER, 2), of(BOX, 2), other)).rejects.toThrow("no such size");
    const undone = ["prepare 2", "dispose 1", "create 2", "dispose 2", "create 1", "·"];
    expect(log).toEqual(["create 1", "·", ...undone]);
    expect(await evaluate(of(RUNNER, 1), of(BOX, 1))).toEqual({ live: [], gone: [] });
  });

  it("are kept where they hold data, with one warning for each wish", async () => {
    const { evaluate, warnings } = setUp();
    await evaluate(of(SAFE, 1));
    for (const wish of [[of(SAFE, 2)], [of(SAFE, 2)], [], [], [of(SAFE, 1)], [of(SAFE, 2)]]) {
      expect(await evaluate(...wish)).toEqual({ live: [], gone: [] });
    }
    const stays = "would be lost. Here it stays as it is until a restart";
    const replace = `safe "a": pulumi up would replace it for size, and its gold ${stays}`;
    const remove = `safe "a": pulumi up would delete it, and its gold ${stays}`;
    expect(warnings).toEqual([replace, remove, replace]);
  });
});
