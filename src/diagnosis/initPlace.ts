import type { SourceRange } from '../records/source';
import { place } from './finding';
import type { Texts } from './text';
import { editAt, textAt } from './text';

/**
 * Where an initialiser is made: behind a bare name (`kernel_initializer=init`) what the script's only assignment to it calls,
 * else the range itself.
 */
export function initPlace(texts: Texts, range: SourceRange): SourceRange {
  const text = texts[range.path];
  const name = textAt(texts, range);
  if (text === undefined || name === null || !/^[A-Za-z_]\w*$/.test(name)) return range;
  const assignments = [
    ...text.matchAll(
      new RegExp(`^[ \\t]*${name}[ \\t]*=(?!=)[ \\t]*([\\w.]+\\([^()\\n]*\\)|(['"])\\w+\\2)[ \\t]*(?:#.*)?$`, 'gm'),
    ),
  ];
  const others = [...text.matchAll(new RegExp(`^[\\w \\t,]*\\b${name}\\b[\\w \\t,]*=(?!=)`, 'gm'))].length;
  const [only] = assignments;
  const made = only?.[1];
  if (only === undefined || made === undefined || assignments.length !== 1 || others !== 1) return range;
  const start = only.index + only[0].indexOf(made, only[0].indexOf('='));
  return place(editAt(range.path, text, start, start + made.length, ''));
}
