import { type Program, type Register, startEvaluator } from "../../laptop/program/evaluate";

/** Evaluates a program once: gives what it exports. */
export async function runProgram(
  program: Program,
  register: Register,
): Promise<Record<string, unknown>> {
  const evaluator = startEvaluator(program);
  try {
    return (await evaluator.run(program, register)).outputs;
  } finally {
    evaluator.stop();
  }
}
