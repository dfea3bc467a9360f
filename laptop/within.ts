/** Rejects with `reason` when the work takes longer; `onLate` is called before that. */
export async function within<T>(
  milliseconds: number,
  work: Promise<T>,
  reason: string,
  onLate: () => void = () => undefined,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      onLate();
      reject(new Error(reason));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
