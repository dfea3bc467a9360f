import { fork } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import type { Books, ShopOptions } from "../shop-server/server";

/** The shop in a process of its own, as its clients find it. */
export interface ShopProcess {
  url: string;
  books(): Promise<Books>;
  stop(): Promise<void>;
}

export async function startShopProcess(options: Omit<ShopOptions, "port">): Promise<ShopProcess> {
  const { faultRate, seed, stock } = options;
  const args = Object.entries({ "fault-rate": faultRate, seed, stock });
  const child = fork(
    path.join(__dirname, "..", "shop-server", "main.ts"),
    args.flatMap(([name, value]) => [`--${name}`, String(value)]),
    {
      execArgv: ["--require", require.resolve("../../command-line/register-typescript.cjs")],
      env: {},
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      // A process group of its own: Ctrl-C is for the command, which stops it in order.
      detached: true,
    },
  );
  const exited = once(child, "exit");
  const [url] = (await Promise.race([once(child, "message"), exited])) as unknown[];
  if (typeof url !== "string") throw new Error("the shop did not start");
  return {
    url,
    async books() {
      return (await (await fetch(`${url}/ledger`)).json()) as Books;
    },
    async stop() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
