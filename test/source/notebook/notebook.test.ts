import { fc } from '../../support/property';
import { describe, expect, it } from 'vitest';
import { withoutMagics } from '../../../src/source/notebook/magics';
import { readNotebook } from '../../../src/source/notebook/notebook';
import { cellSize, programText } from '../../../src/source/notebook/program';
import { SpanMap } from '../../../src/source/notebook/spanMap';

const magics = (cell: string): string => withoutMagics(cell).join('\n');

describe('what is meant for IPython', () => {
  it.each([
    ['%matplotlib inline\nimport torch', 'pass\nimport torch'],
    ['!pip install torch\nx = 1', 'pass\nx = 1'],
    ['if colab:\n    !pip install torch\nx = 1', 'if colab:\n    pass\nx = 1'],
    ['!wget a \\\n  b\nx = 1', 'pass\n\nx = 1'],
    ['!echo \\\n  (\nx = 1', 'pass\n\nx = 1'],
    ['torch.optim.SGD?\n?x\nx??', 'pass\npass\npass'],
    ['%time model.fit(x)', 'if 1: model.fit(x)'],
    ['%%time\nx = 1', '\nx = 1'],
    ['%%bash\necho (((\nls', '\n\n'],
    ['%%html\n<b>', '\n'],
    ['files = !ls data', 'files = get_ipython()  # ls data'],
  ])('%j becomes %j', (cell, program) => expect(magics(cell)).toBe(program));

  it.each([
    'x = (a\n     % b)',
    's = """\n%matplotlib\n!ls\n"""',
    'print("(")\nx = 5 % 3',
    "s = '''it's %\n? '''  # (\ny = 1",
    'x = a != b',
    'x = 1 + \\\n  2',
    'y = {\n  "k": 1,\n}',
  ])('leaves %j as it is', (cell) => expect(magics(cell)).toBe(cell));

  it('keeps the number of lines of any cell', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('%x', '!', '"""', "'", '(', ')', '\\', '\n', 'a', ' ', '#', '?', '='), { maxLength: 40 }),
        (pieces) => {
          const cell = pieces.join('');
          expect(withoutMagics(cell)).toHaveLength(cell.split('\n').length);
        },
      ),
    );
  });
});

describe('the span map', () => {
  const cells = fc.array(
    fc.array(fc.constantFrom('lr = 0.1', '', 'x', '    y = 2'), { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n')),
    { minLength: 1, maxLength: 6 },
  );

  it('finds in the program the characters of the cell, and back', () => {
    fc.assert(
      fc.property(cells, fc.nat(), fc.nat(), (texts, a, b) => {
        const map = new SpanMap(texts.map(cellSize));
        const cell = a % texts.length;
        const lines = (texts[cell] ?? '').split('\n');
        const line = 1 + (b % lines.length);
        const range = { path: 'n.ipynb', line, column: 1, endLine: line, endColumn: 1 + (lines[line - 1]?.length ?? 0) };
        const there = map.fromCell({ cell, range });
        expect(programText(texts).split('\n')[there.line - 1]).toBe(lines[line - 1]);
        expect(map.toCell(there)).toEqual({ cell, range });
      }),
    );
  });

  it('cuts what goes over the end of a cell', () => {
    const map = new SpanMap(['ab\ncd', 'ef'].map(cellSize));
    const range = { path: 'n', line: 2, column: 1, endLine: 3, endColumn: 2 };
    expect(map.toCell(range)).toEqual({ cell: 0, range: { path: 'n', line: 2, column: 1, endLine: 2, endColumn: 3 } });
    const behind = { path: 'n', line: 9, column: 4, endLine: 9, endColumn: 7 };
    expect(map.toCell(behind)?.range).toEqual({ path: 'n', line: 1, column: 3, endLine: 1, endColumn: 3 });
    expect(new SpanMap([]).toCell(range)).toBeNull();
  });
});

const json = (cells: readonly unknown[], metadata: unknown = {}): string =>
  JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1);

describe('reading a notebook file', () => {
  it('joins the Python cells and knows where each line stands in the file', () => {
    const text = json([
      { cell_type: 'markdown', source: ['# "cells": [\n', 'title'] },
      { cell_type: 'code', source: ['x = 1\n', 's = "a\\"b"'], outputs: [{ text: ['"source"\n'] }] },
      { cell_type: 'code', source: 'y = 2\nz = 3\n' },
    ]);
    const read = readNotebook(text);
    if (!read.ok) throw new Error(read.error);
    const { cells, text: program } = read.value;
    expect(program).toBe('x = 1\ns = "a\\"b"\ny = 2\nz = 3\n');
    expect(cells.map(({ number }) => number)).toEqual([2, 3]);
    const fileLines = text.split('\n');
    expect(cells[0]?.fileLines.map((line) => fileLines[line - 1]?.trim())).toEqual(['"x = 1\\n",', '"s = \\"a\\\\\\"b\\""']);
    expect(cells[1]?.fileLines).toHaveLength(3);
  });

  it('leaves out cells of other languages, and notebooks of them', () => {
    const sql = { cell_type: 'code', source: 'SELECT 1', metadata: { vscode: { languageId: 'sql' } } };
    const own = readNotebook(json([sql]));
    const julia = readNotebook(json([{ cell_type: 'code', source: 'x = 1' }], { language_info: { name: 'julia' } }));
    expect([own.ok && own.value.text, julia.ok && julia.value.text]).toEqual(['', '']);
  });

  it('says why a file is no notebook', () => {
    expect(readNotebook('{').ok).toBe(false);
    expect(readNotebook('[]')).toEqual({ ok: false, error: 'is not a notebook: it has no cells' });
    const old = readNotebook('{"worksheets": []}');
    expect(!old.ok && old.error).toContain('format 3');
  });
});
