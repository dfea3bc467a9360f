/** What runs by itself until the stack stops, such as the poller of a queue or the timer of a schedule. */
export interface Poller {
  /** Ends once nothing is in flight: kill the functions' sandboxes as well to be quick. */
  stop(): Promise<void>;
}
