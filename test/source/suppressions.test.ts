import { describe, expect, it } from 'vitest';
import { suppressionsOf } from '../../src/source/suppressions';

describe('suppression comments', () => {
  it.each([
    [
      'lr = 1.0  # descent-lens: ignore[lr-diverges] on purpose',
      [{ line: 1, rules: ['lr-diverges'], reason: 'on purpose', column: 11 }],
    ],
    ['x = 1 # descent-lens: ignore[a, b]', [{ line: 1, rules: ['a', 'b'], reason: '', column: 7 }]],
    ['x = 1 # descent-lens: ignore all of it', [{ line: 1, rules: [], reason: 'all of it', column: 7 }]],
    ['# descent-lens: ignore[a]\n\n# more\nx = 1', [{ line: 4, rules: ['a'], reason: '', column: 1 }]],
    ['x = "# descent-lens: ignore[a]"', []],
    ['"""\n# descent-lens: ignore[a]\n"""', []],
    ['x = 1 # something else', []],
  ])('%j', (text, expected) => {
    expect(
      suppressionsOf('t.py', text).map(({ line, rules, reason, range }) => ({ line, rules, reason, column: range.column })),
    ).toEqual(expected);
  });
});
