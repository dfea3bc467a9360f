import { WriteStream } from "node:tty";
import { inspect } from "node:util";
import { eventLine, type Paint } from "./event-line";
import type { StackEvent } from "./events";
import { troubleOf } from "./trouble";

export interface Terminal {
  /** A line for each event, where there is something to read in it. */
  event: (event: StackEvent) => void;
  /** What the stack is at; not for who wants to know of trouble only. */
  progress: (text: string) => void;
  print: (line: string) => void;
}

export interface TerminalOptions {
  /** Shows what has gone wrong, and no other events. */
  quiet: boolean;
  colours: boolean;
}

export function makeTerminal(
  { quiet, colours }: TerminalOptions,
  print: (line: string) => void = console.log,
): Terminal {
  return {
    event(event) {
      if (quiet && troubleOf(event) === undefined) return;
      const line = eventLine(event, new Date(), colours ? paint : undefined);
      if (line !== undefined) print(line);
    },
    progress(text) {
      if (!quiet) print(text);
    },
    print,
  };
}

/** As Node and most tools decide it: NO_COLOR and FORCE_COLOR have a say. */
export function hasColours(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  const isShown = stream.isTTY === true || env["FORCE_COLOR"] !== undefined;
  return isShown && WriteStream.prototype.getColorDepth(env) > 1;
}

const paint: Paint = (colour, text) => {
  const [on, off] = inspect.colors[colour] ?? [0, 0];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};
