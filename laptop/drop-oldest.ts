/** Takes the entry that came first out of a map that has more than `max`, and gives it; undefined where it has not. */
export function dropOldest<K, V>(map: Map<K, V>, max: number): [K, V] | undefined {
  if (map.size <= max) return undefined;
  const [oldest] = map;
  if (oldest) map.delete(oldest[0]);
  return oldest;
}
