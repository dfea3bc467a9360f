/** For a thread that runs histories: what handlers log is not for a screen, and no stack is read. */
export function quiet(): void {
  for (const level of ["info", "warn", "error"] as const) console[level] = () => undefined;
  Error.stackTraceLimit = 0;
}
