/** Virtual time, in milliseconds since 1970: it jumps from one event to the next. */
export interface Clock {
  now: () => number;
  /** Runs it at that time; at the same time in the order in which they were given. */
  at(time: number, run: () => void): void;
  after(milliseconds: number, run: () => void): void;
  /** `run` has settled a promise: what awaits it goes on before the next event. */
  settled(): void;
  /** Runs events until `isOver`, or none is left, or the time is up. */
  runUntil(isOver: () => boolean, deadline: number): Promise<void>;
}

interface Event {
  time: number;
  order: number;
  run: () => void;
}

export function makeClock(start: number): Clock {
  const heap: Event[] = [];
  let now = start;
  let events = 0;
  let isDirty = false;

  const clock: Clock = {
    now: () => now,
    at(time, run) {
      events += 1;
      push(heap, { time: Math.max(time, now), order: events, run });
    },
    after: (milliseconds, run) => clock.at(now + milliseconds, run),
    settled() {
      isDirty = true;
    },
    async runUntil(isOver, deadline) {
      await Promise.resolve();
      while (!isOver()) {
        const next = heap[0];
        if (!next || next.time > deadline) return;
        pop(heap);
        now = next.time;
        next.run();
        if (!isDirty) continue;
        isDirty = false;
        await drained();
      }
    },
  };
  return clock;
}

/**
 * All that can go on without another event has gone on: Node runs a tick that a promise's continuation has
 * queued when no other continuation is left. A setImmediate would do as well, and poll the system each time.
 */
function drained(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function isBefore(a: Event, b: Event): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}

function push(heap: Event[], event: Event): void {
  let i = heap.length;
  heap.push(event);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = heap[parent];
    if (!above || isBefore(above, event)) break;
    heap[i] = above;
    i = parent;
  }
  heap[i] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    const left = heap[child];
    const right = heap[child + 1];
    if (!left) break;
    if (right && isBefore(right, left)) child += 1;
    const smaller = heap[child];
    if (!smaller || isBefore(last, smaller)) break;
    heap[i] = smaller;
    i = child;
  }
  heap[i] = last;
}
