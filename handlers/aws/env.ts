/** An environment variable of the function. Throws where it is not set. */
export function env(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}

export function numberInEnv(name: string): number {
  const value = Number(env(name));
  if (!Number.isFinite(value)) throw new Error(`the environment variable ${name} is no number`);
  return value;
}
