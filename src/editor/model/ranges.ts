import type { Finding, Fix, RelatedPlace } from '../../records/finding';
import type { SourceRange, TextEdit } from '../../records/source';

/** A piece of text that was replaced: the same record as an edit that will be. */
export type TextChange = TextEdit;

interface Point {
  readonly line: number;
  readonly column: number;
}

const startOf = (range: SourceRange): Point => ({ line: range.line, column: range.column });
const endOf = (range: SourceRange): Point => ({ line: range.endLine, column: range.endColumn });
const compare = (a: Point, b: Point): number => a.line - b.line || a.column - b.column;

/** Whether two ranges share a character or touch. */
export function touches(a: SourceRange, b: SourceRange): boolean {
  return a.path === b.path && compare(startOf(a), endOf(b)) <= 0 && compare(startOf(b), endOf(a)) <= 0;
}

export function sameRange(a: SourceRange, b: SourceRange): boolean {
  return a.path === b.path && compare(startOf(a), startOf(b)) === 0 && compare(endOf(a), endOf(b)) === 0;
}

/**
 * Where `range` is after `change`. A change inside the range stretches it, one across a border cuts it there.
 * Null when everything that the range covered was replaced, so that what it said has no object any more.
 */
export function shiftRange<R extends SourceRange>(range: R, change: TextChange): R | null {
  if (range.path !== change.path) return range;
  const [from, to] = [startOf(change), endOf(change)];
  const [start, end] = [startOf(range), endOf(range)];
  if (compare(from, end) >= 0 && compare(to, start) > 0) return range;
  const swallowed = compare(from, start) <= 0 && compare(to, end) >= 0;
  if (swallowed && compare(from, to) < 0) return null;
  const after = insertedEnd(change);
  const move = (point: Point): Point => ({
    line: point.line + after.line - to.line,
    column: point.line === to.line ? point.column + after.column - to.column : point.column,
  });
  const newStart = compare(start, from) < 0 ? start : compare(start, to) >= 0 ? move(start) : after;
  const newEnd = compare(end, to) >= 0 ? move(end) : from;
  return { ...range, line: newStart.line, column: newStart.column, endLine: newEnd.line, endColumn: newEnd.column };
}

/** The end of the new text once it stands in the document. */
function insertedEnd(change: TextChange): Point {
  const lines = change.newText.split(/\r\n|\r|\n/);
  const last = lines[lines.length - 1] ?? '';
  if (lines.length === 1) return { line: change.line, column: change.column + last.length };
  return { line: change.line + lines.length - 1, column: last.length + 1 };
}

/** The same for several changes of one event, given in the order in which they apply. */
export function shiftThrough<R extends SourceRange>(range: R, changes: readonly TextChange[]): R | null {
  let current: R | null = range;
  for (const change of changes) {
    if (current === null) return null;
    current = shiftRange(current, change);
  }
  return current;
}

/** A finding in the changed text; null when its place was overwritten. A fix whose target was edited is dropped. */
export function shiftFinding(finding: Finding, changes: readonly TextChange[]): Finding | null {
  if (changes.length === 0) return finding;
  const range = shiftThrough(finding.range, changes);
  if (range === null) return null;
  const related = finding.related.map((place) => shiftThrough<RelatedPlace>(place, changes)).filter((place) => place !== null);
  const fixes = finding.fixes.map((fix) => shiftFix(fix, changes)).filter((fix) => fix !== null);
  return { ...finding, range, related, fixes };
}

function shiftFix(fix: Fix, changes: readonly TextChange[]): Fix | null {
  const edits: TextEdit[] = [];
  for (const edit of fix.edits) {
    if (changes.some((change) => overlaps(edit, change))) return null;
    const moved = shiftThrough<TextEdit>(edit, changes);
    if (moved === null) return null;
    edits.push(moved);
  }
  return { ...fix, edits };
}

/** Whether the change alters text that the edit replaces; touching ends count, they join tokens. */
function overlaps(edit: TextEdit, change: TextChange): boolean {
  if (edit.path !== change.path) return false;
  const isInsertion = compare(startOf(edit), endOf(edit)) === 0;
  return !isInsertion && touches(edit, change);
}
