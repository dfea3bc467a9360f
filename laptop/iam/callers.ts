// AWS's own services call with these access key ids, which no function can have.

/** Who polls a queue for a function. */
export function pollerOf(functionName: string): string {
  return `${functionName}.poller`;
}

export function isPoller(caller: string): boolean {
  return caller.endsWith(".poller");
}

/** Who invokes a schedule's target. */
export function schedulerOf(scheduleName: string): string {
  return `${scheduleName}.schedule`;
}

/** Who reads a queue's attributes when it is mapped: unlike a poller it does not meet with faults. */
export function mapperOf(functionName: string): string {
  return `${functionName}.mapper`;
}
