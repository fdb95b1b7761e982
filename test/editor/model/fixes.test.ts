import { describe, expect, it } from 'vitest';
import type { ShownFinding } from '../../../src/editor/model/findings';
import { findingsAt, fixAllEdits, fixTitle, offeredFixes, preferredFix } from '../../../src/editor/model/fixes';
import type { Finding } from '../../../src/records/finding';
import { makeFinding, makeFix } from '../finding';

const show = (finding: Finding, stale = false): ShownFinding => ({ finding, stale, unit: 'optimizer' });

describe('fixes', () => {
  it('say whether they were tried and what happened', () => {
    expect(fixTitle(makeFix(5))).toBe('Set 0.5 (not tried)');
    expect(fixTitle(makeFix(5, true))).toBe('Set 0.5 (tried on 2 seeds: loss 2.5 → 0.25)');
    const counted = { steps: 9, seeds: 1, quantity: 'accuracy', before: 0.408, after: 0.408, helped: true };
    expect(fixTitle({ ...makeFix(5), verified: counted })).toBe('Set 0.5 (tried: accuracy 41 % as before)');
    expect(fixTitle({ ...makeFix(5), verified: { ...counted, after: 0.9 } })).toBe('Set 0.5 (tried: accuracy 41 % → 90 %)');
    const refused = { steps: 9, seeds: 2, quantity: 'probeLoss', before: NaN, after: 0.1, helped: true, refused: true } as const;
    expect(fixTitle({ ...makeFix(5), verified: refused })).toBe(
      'Set 0.5 (tried on 2 seeds: refused by the framework as written, before it trains; with the fix loss 0.1)',
    );
  });

  it('are preferred only when they were seen to help and the finding holds', () => {
    const finding = makeFinding('lr-diverges', { fixes: [makeFix(5), makeFix(5, false), makeFix(5, true)] });
    expect(preferredFix(show(finding))).toBe(finding.fixes[2]);
    expect(preferredFix(show(finding, true))).toBeNull();
    expect(preferredFix(show(makeFinding('plateau', { fixes: [makeFix(5)] })))).toBeNull();
  });

  it('are offered once where two findings call for the same edits', () => {
    const [fault, effect] = ['zero-init', 'symmetric-init'].map((rule) =>
      show(makeFinding(rule as 'zero-init', { fixes: [makeFix(5, true), makeFix(rule === 'zero-init' ? 6 : 7)] })),
    ) as [ShownFinding, ShownFinding];
    expect(offeredFixes([fault, effect])).toMatchObject([
      { shown: fault, fix: makeFix(5, true) },
      { shown: fault, fix: makeFix(6) },
      { shown: effect, fix: makeFix(7) },
    ]);
  });

  it('never overlap when all are applied', () => {
    const at = (line: number): ShownFinding => show(makeFinding('lr-diverges', { line, fixes: [makeFix(line, true)] }));
    expect(fixAllEdits([at(5), at(5), at(9)]).map(({ line }) => line)).toEqual([5, 9]);
  });
});

describe('findingsAt', () => {
  it('gives those under the cursor, worst first', () => {
    const shown = [
      makeFinding('convex', { severity: 'information' }),
      makeFinding('lr-diverges', { severity: 'error' }),
      makeFinding('plateau', { line: 9 }),
    ].map((finding) => show(finding));
    const cursor = { path: '/project/train.py', line: 5, column: 31, endLine: 5, endColumn: 31 };
    expect(findingsAt(shown, cursor).map(({ finding }) => finding.rule)).toEqual(['lr-diverges', 'convex']);
  });
});
