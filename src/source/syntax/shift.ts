import type { Statement } from './ast';

/** The same statements `lines` further down. Ranges are the only places in them that name lines. */
export const shifted = (statements: readonly Statement[], lines: number): readonly Statement[] =>
  statements.map((s) => moved(s, lines));

function moved<T>(value: T, lines: number): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => moved(item, lines)) as T;
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const places = key === 'line' || key === 'endLine';
    copy[key] = places ? Number(inner) + lines : moved(inner, lines);
  }
  return copy as T;
}
