import { describe, expect, it } from 'vitest';
import { isSilenced, readSuppressions, unusedSuppressions, withoutRules, withSuppression } from '../../src/protocol/suppressions';
import type { Finding, RuleId } from '../../src/records/finding';

const path = 'train.py';

function finding(rule: RuleId, line: number): Finding {
  const range = { path, line, column: 5, endLine: line, endColumn: 8 };
  return { rule, severity: 'warning', range, message: '', evidence: [], related: [], causes: [], fixes: [] };
}

const read = (text: string): { line: number; rules: readonly string[] }[] =>
  readSuppressions(path, text).map(({ line, rules }) => ({ line, rules }));

describe('readSuppressions', () => {
  it.each([
    ['on its own line', 'x = 1  # descent-lens: ignore[plateau] on purpose', [{ line: 1, rules: ['plateau'] }]],
    ['several rules', 'x = 1  # descent-lens: ignore[plateau, lr-diverges]', [{ line: 1, rules: ['plateau', 'lr-diverges'] }]],
    ['after another comment', 'x = 1  # why not # descent-lens: ignore[plateau]', [{ line: 1, rules: ['plateau'] }]],
    ['alone, about the next line of code', '# descent-lens: ignore[plateau]\n\n# more\nx = 1', [{ line: 4, rules: ['plateau'] }]],
    ['with Windows line ends', 'a = 1\r\nx = 1  # descent-lens: ignore[plateau]\r\n', [{ line: 2, rules: ['plateau'] }]],
    ['not in a string', 'x = "# descent-lens: ignore[plateau]"', []],
    ['not in a long string', "'''\n# descent-lens: ignore[plateau]\n'''", []],
    ['after a string with a hash', "x = '#'  # descent-lens: ignore[plateau]", [{ line: 1, rules: ['plateau'] }]],
    ['not without rules in brackets', 'x = 1  # descent-lens: ignore', []],
  ])('%s', (_name, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('marks the comment itself', () => {
    const [comment] = readSuppressions(path, 'x = 1  # a # descent-lens: ignore[plateau] why');
    expect(comment?.range).toEqual({ path, line: 1, column: 12, endLine: 1, endColumn: 47 });
  });
});

describe('silencing', () => {
  const comments = readSuppressions(
    path,
    'x = 1  # descent-lens: ignore[plateau, saddle-point]\ny = 2  # descent-lens: ignore[ravine]',
  );

  it('holds for the named rules on the line', () => {
    expect(isSilenced(finding('plateau', 1), comments)).toBe(true);
    expect(isSilenced(finding('plateau', 2), comments)).toBe(false);
    expect(isSilenced(finding('ravine', 1), comments)).toBe(false);
  });

  it('is unused only for rules that are decided', () => {
    const unused = unusedSuppressions(comments, [finding('plateau', 1)], new Set(['plateau', 'saddle-point']));
    expect(unused.map(({ rules }) => rules)).toEqual([['saddle-point']]);
  });
});

describe('edits of a comment', () => {
  it('adds a rule, keeping what is there', () => {
    expect(withSuppression('x = 1', 'plateau')).toBe('x = 1  # descent-lens: ignore[plateau]');
    expect(withSuppression('x = 1  # descent-lens: ignore[ravine] why', 'plateau')).toBe(
      'x = 1  # descent-lens: ignore[ravine, plateau] why',
    );
  });

  it('takes rules away, and the comment with the last one', () => {
    expect(withoutRules('x = 1  # descent-lens: ignore[ravine, plateau] why', ['plateau'])).toBe(
      'x = 1  # descent-lens: ignore[ravine] why',
    );
    expect(withoutRules('x = 1  # descent-lens: ignore[plateau] why', ['plateau'])).toBe('x = 1');
    expect(withoutRules('x = 1  # why # descent-lens: ignore[plateau]', ['plateau'])).toBe('x = 1  # why');
    expect(withoutRules('    # descent-lens: ignore[plateau]', ['plateau'])).toBeNull();
  });
});
