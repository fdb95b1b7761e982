import { describe, expect, it } from 'vitest';
import { parser } from './reading';

const script = `import torch
LR = 0.1


def f(x, *rest, y=2):
    """Text."""
    return x + y


for i in range(3):
    print(f(i), [j for j in (1, 2) if j])
`;

describe('the parser', () => {
  it('gives the same tree after an edit as from the start', () => {
    const edits: readonly ((text: string) => string)[] = [
      (t) => t.replace('0.1', '0.25'),
      (t) => t.replace('LR = ', '# a comment\n\nLR = '),
      (t) => t.replace('return x + y', 'z = x * y\n    return z'),
      (t) => t.replace('for i', 'while True:\n    break\nfor i'),
      (t) => t.replace('range(3):', 'range('),
      (t) => t.replace('range(', 'range(3):'),
      (t) => `"é🙂"\n${t}`,
      () => '',
      () => script,
    ];
    let text = script;
    parser.parse('edited.py', text);
    edits.forEach((edit, i) => {
      text = edit(text);
      const fresh = parser.parse(`fresh${i}.py`, text);
      expect(JSON.stringify(parser.parse('edited.py', text))).toBe(JSON.stringify(fresh).replaceAll(`fresh${i}.py`, 'edited.py'));
    });
  });

  it('counts columns in UTF-16 units from 1', () => {
    const [statement] = parser.parse('unicode.py', 'x = "🙂é" + y\n').body;
    expect(statement?.range).toEqual({ path: 'unicode.py', line: 1, column: 1, endLine: 1, endColumn: 14 });
  });

  it('names what is not Python and keeps the rest', () => {
    const { body, errors } = parser.parse('broken.py', 'a = 1\nb = (\nc = 3\n');
    expect(errors.length).toBeGreaterThan(0);
    expect(body.length).toBeGreaterThan(0);
    const typing = parser.parse('typing.py', 'lr = \nepochs = 3\n');
    expect(typing.errors.map((e) => e.line)).toEqual([1]);
    expect(typing.body.map((s) => (s.kind === 'assign' ? s.value?.kind : s.kind))).toEqual(['error', 'number']);
  });
});
