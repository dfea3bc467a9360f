/** The caller that polls a queue for a function: a name that no function can have. */
export function pollerOf(functionName: string): string {
  return `${functionName}.poller`;
}

export function isPoller(caller: string): boolean {
  return caller.endsWith(".poller");
}
