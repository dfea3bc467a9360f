import { readFileSync } from "node:fs";
import * as path from "node:path";
import { makeClient } from "../../harness/client";
import {
  apiUrlOf,
  copyWithLaptop,
  killAll,
  pressCtrlC,
  PROJECT,
  type Started,
  startIn,
} from "../support/npm-start";
import { aRequest } from "../support/orders";

const config = readFileSync(path.join(PROJECT, "Pulumi.dev.yaml"), "utf8").trimEnd();
/** An attempt that died is over after twelve seconds. */
const SHORT = "  order-processing:processing: { timeoutSeconds: 2 }";

describe("npm start -- --data", () => {
  const copy = copyWithLaptop(`${config}\n${SHORT}\n`);
  afterAll(() => {
    killAll();
    copy.remove();
  });
  const start = () => startIn(copy.directory, "--port", "0", "--data", "kept");
  const clientOf = async (stack: Started) => makeClient(`${await apiUrlOf(stack)}orders`);
  const accept = async (stack: Started, count: number) => {
    const client = await clientOf(stack);
    return Promise.all(Array.from({ length: count }, () => client.accepted(aRequest)));
  };
  const complete = async (stack: Started, orderIds: string[]) => {
    const { until } = await clientOf(stack);
    const isCompleted = ({ status }: { status: string }) => status === "COMPLETED";
    await Promise.all(orderIds.map((each) => until(each, "completed", isCompleted)));
  };

  it("completes orders that were in flight when it was killed, or stopped", async () => {
    const killed = start();
    const ofKilled = await accept(killed, 20);
    killed.child.kill("SIGKILL");
    await killed.exitCode;

    const stopped = start();
    await complete(stopped, ofKilled);
    const ofStopped = await accept(stopped, 20);
    pressCtrlC(stopped);
    expect(await stopped.exitCode).toBe(0);
    expect(stopped.stderr()).toBe("");

    const last = start();
    await complete(last, [...ofKilled, ...ofStopped]);

    const second = start();
    expect(await second.exitCode).toBe(1);
    const folder = path.join(copy.directory, "kept");
    expect(second.stderr()).toBe(
      `--data ${folder}: it is the folder of a laptop stack that runs\n`,
    );
  }, 240_000);
});
