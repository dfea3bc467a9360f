const ONE_PRESS_MILLISECONDS = 500;

/** Aborted by the first of these signals, such as Ctrl-C's; a second one does not wait for anything. */
export function stopSignal(...signals: NodeJS.Signals[]): AbortSignal {
  const controller = new AbortController();
  let stoppedAt = Infinity;
  for (const signal of signals) {
    process.on(signal, () => {
      // npm passes a Ctrl-C on that has reached us by itself: that is one, not two.
      if (Date.now() - stoppedAt > ONE_PRESS_MILLISECONDS) process.exit(1);
      if (!controller.signal.aborted) stoppedAt = Date.now();
      controller.abort();
    });
  }
  return controller.signal;
}
