/** One run of a function. It has its own clock, and ends, is killed, or goes on after its timeout. */
export interface Invocation {
  /** Such as `process-order order-3/1 2`: what about, and which delivery. */
  key: string;
  /** Milliseconds by which its clock is ahead. */
  skew: number;
  state: "running" | "ended" | "killed";
  /** Its process is frozen: Lambda reports the timeout, and what was begun goes on later. */
  isZombie: boolean;
  startedAt: number;
  timeoutMs: number;
  /** So far. */
  calls: number;
}
