import { describe, expect, it } from 'vitest';
import type { InspectionPart } from '../../../src/records/inspection/part';
import type { SmallerLayer } from '../../../src/records/inspection/point';
import { noiseFacts } from '../../../webview/inspect/noiseWords';
import { verdictCard } from '../../../webview/inspect/verdictCard';
import { gainFacts, pointFacts } from '../../../webview/inspect/words';
import { inspected } from '../harness/inspection';

function part<K extends InspectionPart['part']>(kind: K): Extract<InspectionPart, { part: K }> {
  const found = inspected.flatMap((news) => (news.kind === 'part' && news.part.part === kind ? [news.part] : []))[0];
  if (!found) throw new Error(kind);
  return found as Extract<InspectionPart, { part: K }>;
}

describe('words of a point', () => {
  it('say of how many rows they are, and what is rounding', () => {
    const point = part('point');
    const [norm] = pointFacts({ ...point, rows: 64, ofRows: 128, gradientNoise: null });
    expect(norm?.note).toMatch(/^sampling error not known;/);
    expect(pointFacts({ ...point, rows: 128, ofRows: 128, gradientNoise: 0 })[0]?.note).toMatch(/^on all rows;/);
    const gains = { ...part('gains'), ownStep: 1e-9, gradientStep: { rate: 0.1, predicted: 1e-12, measured: -1e-9 } };
    const values = gainFacts(gains, 0.01).map(({ value }) => value);
    expect(values.slice(0, 2).every((value) => value.startsWith('none beyond rounding'))).toBe(true);
    expect(gainFacts({ ...gains, ownStep: 1e-3 }, 0.01)[0]?.value).toBe('0.001');
  });

  it('tell ends on all rows only where these rows tell them', () => {
    const noise = part('noise');
    const of = (allRows: typeof noise.allRows): string =>
      noiseFacts({ ...noise, allRows })
        .flatMap(({ name, value, note }) => (name === 'on all rows' ? [value, note] : []))
        .join(' · ');
    expect(of({ largest: null, smallest: null })).toContain('too few to tell');
    expect(of({ largest: { value: 3, error: 1 }, smallest: null })).toMatch(/^3 ± 1 at the top · not known at the bottom/);
    expect(of(null)).toBe('');
  });

  it('do not name a point as found that the search only came near to', () => {
    const verdict = part('verdict');
    const point = part('point');
    const sizes = { distance: 1, startGradientNorm: 3, gradientNorm: 1e-4, gradientRounding: 1e-6, startLoss: 1, grown: 1 };
    const search = {
      ...sizes,
      iterations: 7,
      applications: 300,
      accuracy: null,
      outward: null,
      stopped: 'nearly' as const,
    };
    const near = { ...point, search: { ...search, smaller: [] as SmallerLayer[] } };
    expect(verdictCard(near, { ...verdict, kind: 'saddle' }, null).title).toBe('Nearly critical, bent as a saddle is');
    const layer = { layer: 'fc1', units: 16, merged: [[2, 13]], idle: [4], left: 14 };
    const paragraphs = (at: typeof near): string =>
      verdictCard(at, verdict, null)
        .blocks.flatMap((block) => (block.kind === 'paragraph' ? [block.text] : []))
        .join(' ');
    expect(paragraphs({ ...near, search: { ...search, smaller: [layer] } })).toContain(
      'In layer fc1, units 2 and 13 do almost the same; hardly anything reads unit 4: the search came near to a critical point of a net with 14 in place of 16 units there',
    );
    expect(verdictCard(point, { ...verdict, kind: 'saddle' }, null).title).toBe('Saddle point');
  });
});
