/** Keeps what handlers log in this test file off the screen, for tests to read. */
export function captureLogs(): unknown[] {
  const entries: unknown[] = [];
  for (const level of ["info", "warn", "error"] as const) {
    jest
      .spyOn(console, level)
      .mockImplementation((...args: unknown[]) => void entries.push(...args));
  }
  return entries;
}
