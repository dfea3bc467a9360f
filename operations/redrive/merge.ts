/** Makes one ordered sequence of ordered ones. Takes no more than the next element of each ahead. */
export async function* merge<T>(
  sources: AsyncGenerator<T, void>[],
  keyOf: (element: T) => number,
): AsyncGenerator<T, void> {
  const pull = async (source: AsyncGenerator<T, void>) => {
    const { done, value } = await source.next();
    return done === true ? [] : [{ source, element: value, key: keyOf(value) }];
  };
  let heads = (await Promise.all(sources.map(pull))).flat();
  for (;;) {
    const [first, ...others] = heads;
    if (!first) return;
    const least = others.reduce((a, b) => (b.key < a.key ? b : a), first);
    yield least.element;
    const next = await pull(least.source);
    heads = heads.flatMap((head) => (head === least ? next : [head]));
  }
}
