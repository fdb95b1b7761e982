import type { SourceRange } from '../../records/source';
import type { Statement } from './ast';

/** Statements with every place in them replaced: findings about a model that the reader itself writes out belong to the call that makes it. */
export function placedAt(statements: readonly Statement[], range: SourceRange): readonly Statement[] {
  const place = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(place);
    if (typeof value !== 'object' || value === null) return value;
    if ('line' in value && 'endLine' in value) return range;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, place(inner)]));
  };
  return place(statements) as readonly Statement[];
}
