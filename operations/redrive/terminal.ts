import { once } from "node:events";
import { createInterface } from "node:readline/promises";

/** Undefined without a terminal. Ctrl-C and Ctrl-D answer with nothing. */
export function terminalQuestion(): ((question: string) => Promise<string>) | undefined {
  const { stdin: input, stdout: output } = process;
  if (!input.isTTY || !output.isTTY) return undefined;
  return async (question) => {
    const terminal = createInterface({ input, output });
    const closed = once(terminal, "close").then(() => undefined);
    terminal.once("SIGINT", () => terminal.close());
    // It rejects on Ctrl-D, and never settles on Ctrl-C.
    const answered = terminal.question(question).catch(() => undefined);
    const answer = await Promise.race([answered, closed]);
    terminal.close();
    if (answer === undefined) output.write("\n");
    return answer ?? "";
  };
}
