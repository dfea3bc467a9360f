import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { explainError, runCommand } from "../../command-line/run-command";
import { findStack } from "../target/find-stack";
import type { StackNames } from "../target/options";
import { ordersToken } from "../target/orders-token";
import { HELP, parseArguments } from "./arguments";
import {
  smoke,
  SMOKE_CUSTOMER,
  type SmokeDeps,
  type SmokeRequest,
  type SmokeResponse,
} from "./smoke";

const REQUEST_MILLISECONDS = 30_000;
const LOOK_MILLISECONDS = 250;

async function main(): Promise<boolean> {
  const parsed = parseArguments(process.argv.slice(2));
  if (!parsed) {
    console.log(HELP);
    return true;
  }
  const stack = await findStack(parsed.names, { showSecrets: true });
  const { apiUrl, apiKey } = stack.outputs;
  const token = ordersToken(stack, { customer: SMOKE_CUSTOMER });
  try {
    await smoke(depsOf({ apiUrl, apiKey, token }), parsed.timeoutSeconds);
    console.log("passed");
    return true;
  } catch (error) {
    console.error(`${explainError(error)}\n${wayBack(parsed.names)}\nFAILED`);
    return false;
  }
}

interface Api {
  apiUrl: string;
  apiKey: string | undefined;
  token: string | undefined;
}

function depsOf({ apiUrl, apiKey, token }: Api): SmokeDeps {
  const request = async (asked: SmokeRequest): Promise<SmokeResponse> => {
    const { method, path, headers, body, without } = asked;
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: {
        ...headers,
        ...(apiKey !== undefined && without !== "key" && { "X-API-Key": apiKey }),
        ...(token !== undefined && without !== "token" && { Authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_MILLISECONDS),
    }).catch((error: unknown) => {
      throw new Error(`${method} ${path}: no response from ${apiUrl}`, { cause: error });
    });
    const given: unknown = await response.json().catch(() => undefined);
    return { status: response.status, headers: response.headers, body: given };
  };
  return {
    request,
    requiresKey: apiKey !== undefined,
    requiresToken: token !== undefined,
    newId: () => randomUUID(),
    pause: () => setTimeout(LOOK_MILLISECONDS),
    say: (line) => console.log(line),
    clock: () => performance.now(),
  };
}

function wayBack(names: StackNames): string {
  if (names.kind === "laptop") return "npm start prints what the functions logged.";
  return "The way back to the program before: docs/runbook.md#going-back.";
}

runCommand(main);
