import { fc } from '../../support/property';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/records/finding';
import type { SourceRange } from '../../../src/records/source';
import { shiftFinding, shiftRange, touches } from '../../../src/editor/model/ranges';

const path = 'train.py';

/** The position of character `offset` of `text`, counted from 1. */
function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before[before.length - 1] ?? '').length + 1 };
}

function rangeOf(text: string, start: number, end: number): SourceRange {
  const [from, to] = [position(text, start), position(text, end)];
  return { path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

describe('shiftRange', () => {
  it('follows any edit that leaves the marked text alone', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n') });
    fc.assert(
      fc.property(piece, piece, piece, piece, fc.boolean(), (before, between, after, inserted, isAbove) => {
        // The mark is a token that no edit touches; the edit replaces `between` above or below it.
        const mark = 'MARK';
        const text = isAbove ? `${before}${between}.${mark}${after}` : `${before}${mark}.${between}${after}`;
        const start = isAbove ? before.length + between.length + 1 : before.length;
        const editStart = isAbove ? before.length : before.length + mark.length + 1;
        const edited = text.slice(0, editStart) + inserted + text.slice(editStart + between.length);
        const change = { ...rangeOf(text, editStart, editStart + between.length), newText: inserted };
        const moved = shiftRange(rangeOf(text, start, start + mark.length), change);
        const expected = edited.indexOf(mark);
        expect(moved).toEqual(rangeOf(edited, expected, expected + mark.length));
      }),
    );
  });

  const literal: SourceRange = { path, line: 3, column: 10, endLine: 3, endColumn: 13 };
  const at = (
    line: number,
    column: number,
    endLine: number,
    endColumn: number,
    newText: string,
  ): SourceRange & { newText: string } => ({
    path,
    line,
    column,
    endLine,
    endColumn,
    newText,
  });

  it.each([
    ['typing inside stretches it', at(3, 11, 3, 11, '25'), [3, 10, 3, 15]],
    ['typing at its end leaves it', at(3, 13, 3, 13, '0'), [3, 10, 3, 13]],
    ['typing right before it moves it', at(3, 10, 3, 10, 'x'), [3, 11, 3, 14]],
    ['a line break before it on the line', at(3, 5, 3, 5, '\n'), [4, 6, 4, 9]],
    ['a removed line above', at(1, 1, 2, 1, ''), [2, 10, 2, 13]],
    ['a change below', at(4, 1, 4, 5, 'a\nb'), [3, 10, 3, 13]],
    ['a deletion across its start', at(3, 8, 3, 11, ''), [3, 8, 3, 10]],
    ['a deletion across its end', at(3, 12, 4, 2, ''), [3, 10, 3, 12]],
  ])('%s', (_name, change, [line, column, endLine, endColumn]) => {
    expect(shiftRange(literal, change)).toEqual({ path, line, column, endLine, endColumn });
  });

  it('gives up a range whose whole text was replaced', () => {
    expect(shiftRange(literal, at(3, 10, 3, 13, '0.7'))).toBeNull();
    expect(shiftRange(literal, at(2, 1, 5, 1, ''))).toBeNull();
  });

  it('leaves other files alone', () => {
    expect(shiftRange(literal, { ...at(1, 1, 2, 1, ''), path: 'model.py' })).toBe(literal);
  });
});

describe('shiftFinding', () => {
  const place = { path, line: 5, column: 4, endLine: 5, endColumn: 7 };
  const finding: Finding = {
    rule: 'lr-diverges',
    severity: 'error',
    range: place,
    message: '',
    evidence: [],
    related: [{ ...place, line: 9, endLine: 9, message: 'used here' }],
    causes: [],
    fixes: [
      { title: 'Set 0.7', edits: [{ ...place, newText: '0.7' }] },
      { title: 'Elsewhere', edits: [{ ...place, line: 9, endLine: 9, newText: '0.7' }] },
    ],
  };

  it('moves everything that points into the text', () => {
    const moved = shiftFinding(finding, [{ path, line: 1, column: 1, endLine: 1, endColumn: 1, newText: '\n\n' }]);
    expect(moved?.range.line).toBe(7);
    expect(moved?.related[0]?.line).toBe(11);
    expect(moved?.fixes.map((fix) => fix.edits[0]?.line)).toEqual([7, 11]);
  });

  it('drops a fix whose target was edited', () => {
    const moved = shiftFinding(finding, [{ path, line: 5, column: 5, endLine: 5, endColumn: 6, newText: '' }]);
    expect(moved?.fixes.map((fix) => fix.title)).toEqual(['Elsewhere']);
  });
});

describe('touches', () => {
  it('counts a cursor at either end', () => {
    const range = { path, line: 1, column: 5, endLine: 1, endColumn: 8 };
    const cursor = (column: number): SourceRange => ({ path, line: 1, column, endLine: 1, endColumn: column });
    expect([4, 5, 8, 9].map((column) => touches(range, cursor(column)))).toEqual([false, true, true, false]);
  });
});
