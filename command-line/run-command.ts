/** Runs a command: exit code 0 when it gives true, 1 when it gives false or a reason on stderr. */
export function runCommand(
  command: () => Promise<boolean>,
  explain = (error: unknown) => (error as Error).message,
): void {
  command().then(
    (ok) => {
      process.exitCode = ok ? 0 : 1;
    },
    (error: unknown) => {
      console.error(explain(error));
      process.exitCode = 1;
    },
  );
}
