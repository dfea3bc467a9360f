import { createServer } from "node:http";
import { wholeNumber } from "../command-line/whole-number";
import { startLoopbackServer } from "./loopback-server";

/** Of the process that evaluates the program: the directory that gets the source maps of archives. */
export const MAPS_VARIABLE = "LAPTOP_SOURCE_MAPS";

const DEFAULT_PORT = 9229;

/** A function that a debugger is to be attached to, and the port for it on 127.0.0.1. */
export interface Inspection {
  function: string;
  port: number;
}

/** `<function>` or `<function>:<port>`, with port 0 for any that is free. */
export function parseInspection(text: string): Inspection {
  const [name = "", port = String(DEFAULT_PORT), ...others] = text.split(":");
  if (name === "" || others.length > 0) {
    throw new Error(`--inspect takes a function, such as process-order, not ${text}`);
  }
  return { function: name, port: wholeNumber("--inspect <function>:<port>", port, 65_535) };
}

/** Throws where the port is taken: Node would not start the function's process. */
export async function withFreePort({ function: name, port }: Inspection): Promise<Inspection> {
  const server = createServer();
  try {
    const { url, stop } = await startLoopbackServer(server, port);
    await stop();
    return { function: name, port: Number(new URL(url).port) };
  } catch (error) {
    const hint = `choose another one with --inspect ${name}:<port>`;
    throw new Error(`port ${port} is taken: ${hint}`, { cause: error });
  }
}

/** Throws a sentence where the program has no such function. */
export function checkInspection(inspection: Inspection | undefined, names: string[]): void {
  if (inspection === undefined || names.includes(inspection.function)) return;
  const known = [...names].sort().join(", ");
  throw new Error(`--inspect: there is no function ${inspection.function}, only ${known}`);
}
