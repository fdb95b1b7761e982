import { describe, expect, it } from 'vitest';
import type { ToPanel } from '../../../src/protocol/panel';
import { figures } from '../../../webview/figures/all';
import { lossFigure } from '../../../webview/figures/loss';
import { curvatureFigure } from '../../../webview/figures/curvature';
import type { Figure } from '../../../webview/figures/figure';
import { defaultChoice, defaultNavigation, type FigureChoice, type Navigation } from '../../../webview/navigation';
import { stepRange } from '../../../webview/plot/steps';
import { plotView, type PlotView } from '../../../webview/plot/view';
import { describeFigure, describeOutside, describeStep, tableOf } from '../../../webview/plot/words';
import { emptyModel, receive, type PanelModel } from '../../../webview/state';
import { messagesOf, scenarios, type Scenario } from '../harness/streams';

const modelOf = (scenario: Scenario): PanelModel =>
  messagesOf(scenario).reduce((model: PanelModel, message: ToPanel) => receive(model, message).model, emptyModel);

function view(
  scenario: Scenario,
  figure: Figure,
  choice: Partial<FigureChoice> = {},
  change: Partial<Navigation> = {},
): PlotView | null {
  const { columns } = modelOf(scenario);
  const navigation = { ...defaultNavigation, ...change };
  const steps = stepRange(columns, false, navigation.range);
  return plotView({
    figure,
    traces: figure.traces(columns),
    choice: { ...defaultChoice, ...choice },
    navigation,
    steps,
    width: 400,
    height: 180,
  });
}

describe('the view of a figure', () => {
  it('can be made of every figure in every state, on every axis, with at most two points a pixel and its edges', () => {
    for (const scenario of scenarios) {
      for (const figure of figures) {
        for (const log of [true, false]) {
          for (const logSteps of [true, false]) {
            const made = view(scenario, figure, { log }, { logSteps });
            if (made === null) continue;
            expect(made.y.high).toBeGreaterThan(made.y.low);
            for (const { points } of made.lines) {
              expect(points.length).toBeLessThanOrEqual(2 * 400 + 4);
              const finite = points.filter(({ y }) => !Number.isNaN(y));
              expect(finite.every(({ x, y }) => Number.isFinite(x) && Math.abs(y) < 1e30)).toBe(true);
            }
          }
        }
      }
    }
  });

  it('draws the smoothed line over the raw one and says the window', () => {
    const made = view('done', lossFigure);
    expect(made?.window).toBe(11);
    expect(made?.lines.map(({ role, trace }) => `${role} ${trace.key}`)).toEqual([
      'raw loss',
      'main loss',
      'main epochLoss',
      'main validationLoss',
    ]);
    expect(view('done', lossFigure, {}, { smoothing: 1 })?.lines.map(({ role }) => role)).toEqual(['main', 'main', 'main']);
  });

  it('turns to a logarithmic axis by itself when the loss explodes, and says where values end', () => {
    const made = view('diverged', lossFigure);
    expect(made?.y.scale.kind).toBe('log');
    expect(made?.brokenAt).toBe(98);
    expect(made && describeOutside(made.outside, made.brokenAt)).toBe('27 not finite from step 98');
    expect(view('diverged', lossFigure, { log: false })?.y.scale.kind).toBe('linear');
    expect(view('done', lossFigure)?.y.scale.kind).toBe('linear');
  });

  it('shows both signs of the spectrum and a band of twice the residual bound', () => {
    const made = view('done', curvatureFigure, { log: false });
    const line = made?.lines.find(({ trace }) => trace.key === 'lambdaMin');
    const heights = line?.band.map(([low, high]) => high.y - low.y) ?? [];
    expect(heights.length).toBeGreaterThan(10);
    for (const height of heights) expect(height).toBeCloseTo(0.24, 10);
    expect(made?.y.low).toBeLessThan(0);
  });

  it('is nothing before the first measurement', () => {
    for (const figure of figures) expect(view('idle', figure)).toBeNull();
  });
});

describe('the figure in words', () => {
  const traces = lossFigure.traces(modelOf('done').columns);

  it('is spoken with its ends and its extremes', () => {
    const words = describeFigure(lossFigure, traces);
    expect(words).toContain('up to step 600');
    expect(words).toMatch(/training probe: from 2\.22 to 0\.0877, lowest 0\.0877 at step 600, highest 2\.22 at step 0\./);
    expect(describeFigure(lossFigure, [])).toContain('Nothing measured yet');
  });

  it('names only the ends of many layers', () => {
    const gradients = figures.find(({ id }) => id === 'gradients');
    const words = gradients ? describeFigure(gradients, gradients.traces(modelOf('layers').columns)) : '';
    expect(words).toMatch(/12 lines; at the end from \S+ \(encoder\.0\) to \S+ \(encoder\.22\)\./);
  });

  it('speaks the values under the cursor', () => {
    expect(describeStep(lossFigure, traces, 600)).toMatch(
      /^Step 600: training batch \S+, training probe 0\.0877, validation 0\.272$/,
    );
  });

  it('is a table with a row per step, thinned when there are many, blank where nothing was measured', () => {
    const { head, rows, of } = tableOf(lossFigure, traces, 61);
    expect(head).toEqual(['step', 'training batch', 'training probe', 'validation']);
    expect([of, rows.length, rows[0]?.[0], rows[60]?.[0]]).toEqual([601, 61, '0', '600']);
    expect(rows[1]?.[0]).toBe('10');
    expect(rows[1]?.slice(2)).toEqual(['', '']);
    expect(rows[3]?.[2]).not.toBe('');
  });
});
