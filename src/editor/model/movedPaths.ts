/** Where a path is after files were moved; null for a path that stays. */
export type Follow = (path: string) => string | null;

/**
 * A plain record in which every string that is a path of something moved, also as a key, is its new path. Columns of
 * numbers and whatever else is not plain stay the same objects.
 */
export function withMovedPaths<T>(record: T, follow: Follow): T {
  return moved(record, follow) as T;
}

function moved(value: unknown, follow: Follow): unknown {
  if (typeof value === 'string') return follow(value) ?? value;
  if (Array.isArray(value)) return value.map((entry) => moved(entry, follow));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [follow(key) ?? key, moved(entry, follow)]));
}
