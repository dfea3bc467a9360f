import { readFileSync } from "node:fs";
import { readPackageJson } from "./program/package-json";

/** A file of requests, each a line of JSON, and the route that they go to. */
export interface Posting {
  file: string;
  method: string;
  /** Below the stage, without a slash at its beginning. */
  path: string;
  /** Those that are not blank, by their numbers from 1. */
  lines: { number: number; text: string }[];
}

/** Throws a sentence where the file cannot be read, or the program names no route. */
export function readPosting(directory: string, file: string): Posting {
  const { orders = "" } = readPackageJson(directory);
  const [, method, path] = /^([A-Z]+) \/(\S+)$/.exec(orders) ?? [];
  if (method === undefined || path === undefined) {
    throw new Error("--orders: package.json names no route for it, as laptop.orders: POST /orders");
  }
  return { file, method, path, lines: linesOf(file) };
}

function linesOf(file: string): Posting["lines"] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .map((text, i) => ({ number: i + 1, text: text.trim() }))
      .filter(({ text }) => text !== "");
  } catch (error) {
    throw new Error(`--orders: ${(error as Error).message}`, { cause: error });
  }
}
