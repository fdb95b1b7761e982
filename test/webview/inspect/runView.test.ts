import { describe, expect, it } from 'vitest';
import type { InspectedMinima } from '../../../src/records/inspection/minima';
import type { InspectionPart } from '../../../src/records/inspection/part';
import type { InspectedRavine } from '../../../src/records/inspection/ravine';
import type { InspectedRemedies } from '../../../src/records/inspection/remedies';
import type { InspectedFrame } from '../../../src/records/inspection/spectrum';
import { contrastOf, opaque } from '../../../webview/colours';
import { drawingOfPicture } from '../../../webview/inspect/drawing';
import { heightOf } from '../../../webview/inspect/heatMap';
import { pictureView } from '../../../webview/inspect/picture';
import { modesPicture, ravineFacts, remedyPicture } from '../../../webview/inspect/ravineView';
import { describeMinima, framePicture, indexFact, layersDrawing, minimaPicture } from '../../../webview/inspect/runView';
import { inspected } from '../harness/inspection';

const all = inspected.flatMap((news) => (news.kind === 'part' ? [news.part] : []));
const part = <P extends InspectionPart>(kind: P['part']): P => all.find((one) => one.part === kind) as P;
const frames = all.filter((one): one is InspectedFrame => one.part === 'frame');
const minima = part<InspectedMinima>('minima');
const ravine = part<InspectedRavine>('ravine');
const remedies = part<InspectedRemedies>('remedies');

describe('the spectrum along the run', () => {
  it('has the same axes at every step, which hold all of them', () => {
    const views = frames.map((frame) => pictureView(framePicture(frame, frames), 400, 200));
    for (const view of views) {
      expect([view?.x.low, view?.x.high, view?.y.low, view?.y.high]).toEqual([
        views[0]?.x.low,
        views[0]?.x.high,
        views[0]?.y.low,
        views[0]?.y.high,
      ]);
    }
    const least = Math.min(...frames.flatMap(({ shares }) => [...shares].filter((share) => share > 0)));
    expect(10 ** (views[0]?.y.low ?? NaN)).toBeLessThanOrEqual(least);
  });

  it('is a heat map by layer: spoken, written, and with a step for every column', () => {
    const drawing = layersDrawing(frames);
    expect(drawing?.places).toEqual([9, 3]);
    expect(drawing?.table.head).toEqual(['step', 'net.0', 'net.2', 'net.4']);
    expect(drawing?.table.rows[0]).toEqual(['0', '0.12 ± 0.01', '0.48 ± 0.01', '1.92 ± 0.01']);
    // Places count upwards: the first row is the uppermost place.
    expect(drawing?.describe([0, 2])).toBe('step 0, net.0: 0.12 ± 0.01');
    expect(drawing?.stepAt?.([3, 0])).toBe(16);
    expect(drawing?.describe([8, 0])).toContain('not finite');
    expect(drawing?.summary).toMatch(/the steepest is net\.4 with [\d.]+ ± 0\.01\.$/);
  });

  it('shades by the logarithm, and what is not positive lowest', () => {
    expect(heightOf({ low: 0.1, high: 10 }, 1)).toBeCloseTo(0.5, 12);
    expect(heightOf({ low: 0.1, high: 10 }, -3)).toBe(0);
    expect(heightOf({ low: 0.1, high: 10 }, NaN)).toBeNull();
  });

  it('counts the index with its error', () => {
    expect(indexFact({ value: 0.11, error: 0.02 }, 4_810)).toMatchObject({ value: '11 ± 2 %' });
    expect(indexFact({ value: 0.03, error: 0.05 }, 4_810).value).toBe('under 8 %');
    expect(indexFact({ value: 0.6, error: 1.3 }, 4_810).value).toBe('60 % (error unknown)');
    expect(indexFact({ value: 0.97, error: 0.07 }, 4_810).value).toBe('over 90 %');
    expect(indexFact({ value: 0.11, error: 0.02 }, 4_810).note).toContain('about 529 of 4,810');
  });
});

describe('several minima', () => {
  it('say how much of the barrier was the order of the units', () => {
    expect(describeMinima(minima).join(' ')).toMatch(/rises by up to 0\.45 .* 0\.06 is left: 87 % of the barrier/);
    const joined = { ...minima, lines: minima.lines.map((line) => ({ ...line, barrier: 0, matched: null })) };
    expect(describeMinima(joined)).toEqual(['No barrier on the straight lines: the runs end in one valley.']);
  });

  it('draw each seed’s line before and after matching', () => {
    expect(drawingOfPicture(minimaPicture(minima)).legend.map(({ dash }) => dash)).toEqual([
      'solid',
      'dashed',
      'solid',
      'dashed',
      'solid',
      'dashed',
    ]);
  });
});

describe('the ravine', () => {
  it('marks the curvature under which directions are too slow, in numbers too', () => {
    expect(modesPicture(ravine)?.marks[0]?.x).toBe(0.0042);
    expect(ravineFacts(ravine).map(({ name }) => name)).toEqual([
      'slow directions',
      'steep direction',
      'all others',
      'best momentum',
      'left in the model',
    ]);
    expect(ravineFacts({ ...ravine, slowShare: null, path: null, best: null }).map(({ name }) => name)).toEqual([
      'left in the model',
    ]);
  });

  it('gives remedies that begin at one place one axis, and says what they bought', () => {
    const [momentum, adam, inputs, norm] = remedies.tried.map((tried) => remedyPicture(tried, remedies.tried));
    expect(momentum?.yRange).toEqual(adam?.yRange);
    expect(inputs?.yRange).not.toEqual(adam?.yRange);
    expect(norm).toBeNull();
    expect(momentum?.note).toBe('0.477 → 0.0504 after 300 steps');
  });

  it('is not pressed flat by a branch that blows up', () => {
    const [first, ...others] = remedies.tried;
    if (!first?.curve) throw new Error('no curve');
    const wild = { ...first, curve: { steps: Float64Array.of(0, 10, 20), losses: Float64Array.of(0.7, 1e6, Infinity) } };
    const picture = remedyPicture(wild, [wild, ...others]);
    expect(picture?.yRange?.[1]).toBeLessThan(2);
    expect(picture?.note).toBe('diverges after 20 steps');
  });
});

describe('colours', () => {
  it('lose their transparency, and keep what they are', () => {
    expect(opaque('rgba(234, 92, 0, 0.33)')).toBe('#ea5c00');
    expect(opaque('#123456')).toBe('#123456');
  });

  it('write on a ground what stands out from it', () => {
    expect(contrastOf('#f5f5f5', ['#202020', '#ffffff'])).toBe('#202020');
    expect(contrastOf('#0a2a5a', ['#202020', '#ffffff'])).toBe('#ffffff');
  });
});
