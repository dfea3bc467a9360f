/** What runs by itself until the stack stops, such as the poller of a queue or the timer of a schedule. */
export interface Poller {
  /** Ends once nothing is in flight: kill the functions' sandboxes as well to be quick. */
  stop(): Promise<void>;
}

/** Adds one to the stack's. Gives what stops it alone; what it has in flight goes on then. */
export function addPoller(pollers: Poller[], poller: Poller): () => void {
  pollers.push(poller);
  return () => {
    pollers.splice(pollers.indexOf(poller), 1);
    void poller.stop();
  };
}
