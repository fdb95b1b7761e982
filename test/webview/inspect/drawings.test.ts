import { describe, expect, it } from 'vitest';
import type { InspectionPart } from '../../../src/records/inspection/part';
import type { InspectedEscape } from '../../../src/records/inspection/ways';
import type { InspectedSlice } from '../../../src/records/inspection/slice';
import type { InspectedDensity } from '../../../src/records/inspection/spectrum';
import { drawingOfPicture, drawingOfSurface } from '../../../webview/inspect/drawing';
import { pictureView } from '../../../webview/inspect/picture';
import { branchPicture, densityPicture, slicePicture } from '../../../webview/inspect/pictures';
import { describeEscape } from '../../../webview/inspect/escapeWords';
import { describePoint, describeSearch, uncertain, verdictFacts } from '../../../webview/inspect/words';
import { inspected } from '../harness/inspection';

function part<K extends InspectionPart['part']>(kind: K): Extract<InspectionPart, { part: K }> {
  const found = inspected.flatMap((news) => (news.kind === 'part' && news.part.part === kind ? [news.part] : []))[0];
  if (!found) throw new Error(kind);
  return found as Extract<InspectionPart, { part: K }>;
}

const slice: InspectedSlice = {
  ...part('slice'),
  positions: Float64Array.of(-1, 0, 1, 2),
  losses: Float64Array.of(3, 2, 1.5, 1.4),
  loss: 2,
  slope: -1,
  curvature: 100,
};

describe('slices', () => {
  it('draw the Taylor polynomials beside the loss, and let only the loss make the axes', () => {
    const picture = slicePicture(slice);
    expect(picture.lines.map(({ label }) => label)).toEqual(['loss', 'first order', 'second order']);
    expect([...(picture.lines[1]?.y ?? [])]).toEqual([3, 2, 1, 0]);
    expect([...(picture.lines[2]?.y ?? [])]).toEqual([53, 2, 51, 200]);
    const view = pictureView(picture, 400, 200);
    expect(view?.y.high).toBeLessThan(4);
    expect([view?.x.low, view?.x.high]).toEqual([-1, 2]);
  });

  it('are walked, spoken and written place by place', () => {
    const drawing = drawingOfPicture(slicePicture(slice));
    expect(drawing.places).toEqual([4, 1]);
    expect(drawing.describe([2, 0])).toBe('1: loss 1.5, first order 1, second order 51');
    expect(drawing.table.rows).toHaveLength(4);
    expect(drawing.summary).toContain('loss from 3 to 1.4, lowest 1.4 at 2');
    expect(drawing.placeAt(60, 50, { width: 456, height: 200 })).toEqual([0, 0]);
    expect(drawing.placeAt(5, 50, { width: 456, height: 200 })).toBeNull();
  });
});

describe('density', () => {
  const density: InspectedDensity = {
    ...part('density'),
    edges: Float64Array.of(-1, -0.1, 0.1, 1),
    shares: Float64Array.of(0.01, 0.9, 0.09),
    errors: Float64Array.of(0.001, 0, 0),
  };

  it('stands on a power of ten below the smallest share and reaches to all of them', () => {
    const view = pictureView(densityPicture(density), 400, 200);
    expect([view?.y.low, view?.y.high]).toEqual([-3, 0]);
    expect(view?.x.low).toBeLessThan(0);
    expect(view?.x.high).toBe(-(view?.x.low ?? 0));
  });

  it('names the bins by their edges', () => {
    expect(drawingOfPicture(densityPicture(density)).describe([1, 0])).toBe('−0.1 to 0.1: share 0.9, error 0');
  });
});

describe('branches', () => {
  it('say which way got out when', () => {
    expect(branchPicture(part('escape')).note).toContain('momentum: out after 15');
  });
});

describe('surfaces', () => {
  const surface = part('surface');
  const drawing = drawingOfSurface(surface, 'plane', 4_810);

  it('say where the loss is lowest and what is not seen', () => {
    expect(drawing.summary).toMatch(/0\.7 here, lowest 0\.4\d* at/);
    expect(drawing.note).toContain('2 of 4,810 directions');
  });

  it('find the place of a pixel with y upwards', () => {
    const paper = { width: 400, height: 400 };
    expect(drawing.placeAt(63, 363, paper)).toEqual([0, 0]);
    expect(drawing.placeAt(387, 9, paper)).toEqual([32, 32]);
    expect(drawing.describe([16, 16])).toBe('0, 0: loss 0.7, near step 300');
    expect(drawing.stepAt?.([16, 16])).toBe(300);
    // The lower right corner is far from the run's way.
    expect(drawing.stepAt?.([32, 0])).toBeNull();
  });
});

describe('words', () => {
  it('never show a number without what it may be off by', () => {
    expect(uncertain({ value: 12.3, error: 0.4 })).toBe('12.3 ± 0.4');
    expect(uncertain({ value: 12.3, error: null })).toBe('12.3 (error unknown)');
    expect(uncertain({ value: 12.3, error: 0 })).toBe('12.3');
    const smallest = verdictFacts(part('verdict')).find(({ name }) => name === 'smallest eigenvalue');
    expect(smallest).toMatchObject({ value: '−1.2 ± 0.05' });
    expect(smallest?.note).toContain('none below −1.31, missed with probability 0.01');
  });

  it('say where one stands, on the run or beside it', () => {
    const point = part('point');
    expect(describePoint(point)).toBe('Step 300 of 18,000 · loss 0.7');
    const search = {
      distance: 1.5,
      startLoss: 2,
      grown: 1,
      startGradientNorm: 1,
      gradientNorm: 1e-6,
      gradientRounding: 1e-7,
      iterations: 7,
      applications: 300,
      accuracy: null,
      smaller: [],
      stopped: 'critical',
      outward: null,
    } as const;
    expect(describePoint({ ...point, search })).toBe('Critical point 1.5 away from step 300 · loss 0.7');
    expect(describePoint({ ...point, search: { ...search, stopped: 'gradientFlat' } })).toContain('no critical point');
  });

  it('say why a search ended without a critical point', () => {
    const point = part('point');
    const sizes = { distance: 1.5, startGradientNorm: 1, gradientNorm: 0.1, gradientRounding: 1e-7 };
    const ended = {
      ...sizes,
      iterations: 7,
      applications: 300,
      accuracy: null,
      smaller: [],
      stopped: 'maximum',
      outward: null,
    } as const;
    const search = (startLoss: number, grown: number): string =>
      describeSearch({ ...point, search: { ...ended, startLoss, grown } }).join(' ');
    expect(describePoint({ ...point, search: { ...ended, startLoss: 1, grown: 1 } })).toMatch(/^No critical point found near/);
    expect(search(10 * point.loss, 2)).toContain('no finite minimum');
    expect(search(10 * point.loss, 1)).toContain('down the valley');
    expect(search(point.loss, 1)).toContain('not of a critical point');
    const why = (stopped: 'kinked' | 'outward' | 'gradientFlat' | 'nearly', more = {}): string =>
      describeSearch({ ...point, search: { ...ended, startLoss: 1, grown: 1, stopped, ...more } }).join(' ');
    expect(why('outward', { accuracy: 1 })).toContain('Every row is answered right');
    const fall = {
      name: 'output 0 of 2 scaled up',
      multiples: [-0.5, 0, 1, 4],
      losses: [0.4, 0.3, 0.29, 0.28],
      gradientNorms: [4, 3, 2, 1],
    };
    expect(why('outward', { accuracy: 0.98, outward: fall })).toMatch(
      /along output 0 of 2 scaled up the loss, 0.4 inward of this place and 0.3 here, is 0.29, 0.28 at 1, 4 times .*tells all classes, or one/,
    );
    expect(why('outward', { outward: { ...fall, losses: null } })).toContain(
      'gradient’s norm, 4 inward of this place and 3 here, is 2, 1',
    );
    expect(why('nearly')).toContain('whether it has a zero near here is not known');
    expect(why('nearly', { grown: 20 })).toContain('20 times as long');
    expect(describePoint({ ...point, search: { ...ended, startLoss: 1, grown: 1, stopped: 'nearly' } })).toMatch(
      /^Nearly critical, 1.5 away/,
    );
    expect(why('kinked')).toContain('jumps');
    expect(why('outward')).toContain('no finite minimum');
    expect(why('gradientFlat')).toContain('curvature vanishes');
    expect(describeSearch({ ...point, search: { ...ended, startLoss: 9, grown: 3, stopped: 'critical' } })).toEqual([]);
    expect(describeSearch(point)).toEqual([]);
  });

  it('do not promise an escape that only noise makes', () => {
    const escape = part('escape');
    const words = (change: Partial<InspectedEscape>): string => describeEscape({ ...escape, ...change }).join(' ');
    expect(words({ expectedSteps: null, from: 0 })).toContain('nothing but noise');
    expect(words({ expectedSteps: null })).toContain('it does not come');
    expect(words({ expectedSteps: null, foretold: false })).toContain('cannot be foretold');
    expect(words({ to: null })).toContain('At no distance');
  });

  it('tell slow growth by the steps of an e-fold, and none where none is known', () => {
    const words = (change: Partial<InspectedEscape>): string => describeEscape({ ...part('escape'), ...change }).join(' ');
    expect(words({ factor: 1.12 })).toContain('grows 1.12-fold a step');
    expect(words({ factor: Math.exp(1 / 3390) })).toContain('grows e-fold every 3,390 steps');
    expect(words({ factor: 0.99 })).toContain('the decay of the weights pulls harder');
    expect(words({ factor: null, folds: null })).toContain('no growth from step to step is told');
    expect(words({ preconditioned: true })).toContain('larger ones raise the second moment');
    expect(words({ curvature: 0, factor: null, folds: null })).toContain('No negative curvature leads out');
  });
});
