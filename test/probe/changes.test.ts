import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/probe/changes';

const edit = (line: number, column: number, endLine: number, endColumn: number, newText: string) => ({
  path: 'a.py',
  line,
  column,
  endLine,
  endColumn,
  newText,
});

describe('applyEdits', () => {
  it.each([
    ['replaces', 'lr = 1.0\nx = 2\n', [edit(1, 6, 1, 9, '0.1')], 'lr = 0.1\nx = 2\n'],
    ['inserts', 'a\nb\n', [edit(2, 1, 2, 1, 'new\n')], 'a\nnew\nb\n'],
    ['deletes a line', 'a\nb\nc', [edit(2, 1, 3, 1, '')], 'a\nc'],
    ['takes several in any order', 'f(1, 2)', [edit(1, 3, 1, 4, '10'), edit(1, 6, 1, 7, '20')], 'f(10, 20)'],
    ['counts UTF-16 units', '"😀" + 1', [edit(1, 8, 1, 9, '2')], '"😀" + 2'],
    ['stops at the end of the text', 'a', [edit(9, 1, 9, 1, 'b')], 'ab'],
  ])('%s', (_, text, edits, expected) => expect(applyEdits({ 'a.py': text }, edits)['a.py']).toBe(expected));

  it('leaves other files and the given texts alone', () => {
    const texts = { 'a.py': 'x', 'b.py': 'y' };
    expect(applyEdits(texts, [edit(1, 1, 1, 2, 'z')])).toEqual({ 'a.py': 'z', 'b.py': 'y' });
    expect(texts['a.py']).toBe('x');
  });
});
