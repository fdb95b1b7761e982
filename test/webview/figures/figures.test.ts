import { describe, expect, it } from 'vitest';
import type { Quantity } from '../../../src/records/measurement';
import { appendColumn, type Column } from '../../../webview/columns';
import { accuracyFigure } from '../../../webview/figures/accuracy';
import { figures } from '../../../webview/figures/all';
import { curvatureFigure } from '../../../webview/figures/curvature';
import { describeStep, tableOf } from '../../../webview/plot/words';
import { valueAt } from '../../../webview/figures/figure';
import { gradientFigure } from '../../../webview/figures/gradients';
import { unitFigure } from '../../../webview/figures/units';

const column = (steps: number[], values: number[]): Column =>
  appendColumn(undefined, Float64Array.from(steps), Float64Array.from(values));
const columns = (entries: Partial<Record<Quantity, Column>>): Map<Quantity, Column> =>
  new Map(Object.entries(entries) as [Quantity, Column][]);

describe('gradient norms', () => {
  it('join the parameters of a layer: the root of the sum of squares', () => {
    const [layer, other] = gradientFigure.traces(
      columns({
        'gradientNorm/net.0.weight': column([0, 1, 2], [3, 6, 1]),
        'gradientNorm/net.0.bias': column([0, 1, 2], [4, 8, 0]),
        'gradientNorm/net.2.weight': column([0, 1], [2, 7]),
      }),
    );
    expect(layer?.label).toBe('net.0');
    expect([...(layer?.values ?? [])]).toEqual([5, 10, 1]);
    expect([...(other?.values ?? [])]).toEqual([2, 7]);
  });

  it('use only the steps at which all parameters were measured', () => {
    const [layer] = gradientFigure.traces(
      columns({ 'gradientNorm/a.weight': column([0, 1, 2, 3], [3, 1, 6, 9]), 'gradientNorm/a.bias': column([0, 2], [4, 8]) }),
    );
    expect([...(layer?.steps ?? [])]).toEqual([0, 2]);
    expect([...(layer?.values ?? [])]).toEqual([5, 10]);
  });

  it('run in colour from the input to the output', () => {
    const layers = ['a', 'b', 'c'].map((name) => [`gradientNorm/${name}.weight`, column([0], [1])]);
    const traces = gradientFigure.traces(columns(Object.fromEntries(layers)));
    expect(traces.map(({ hue }) => hue)).toEqual([{ depth: 0 }, { depth: 0.5 }, { depth: 1 }]);
  });
});

describe('eigenvalues', () => {
  it('carry their residual bound where it was measured at the same step', () => {
    const [largest] = curvatureFigure.traces(
      columns({ lambdaMax: column([0, 4, 8], [10, 20, 30]), lambdaMaxError: column([0, 8], [0.1, 0.3]) }),
    );
    expect([...(largest?.error ?? [])]).toEqual([0.1, NaN, 0.3]);
  });

  it('stand with the limit of stability, beyond which it says unstable', () => {
    const traces = curvatureFigure.traces(
      columns({ lambdaMax: column([0], [10]), lambdaMin: column([0], [-1]), stabilityLimit: column([0], [20]) }),
    );
    expect(traces.map(({ label, above }) => [label, above])).toEqual([
      ['largest', undefined],
      ['smallest', undefined],
      ['stability limit', 'unstable'],
    ]);
  });
});

it('says that the limit of an adaptive optimizer is one on the preconditioned eigenvalue', () => {
  const measured = {
    lambdaMax: column([0], [10]),
    preconditionedLambdaMax: column([0], [30]),
    stabilityLimit: column([0], [38]),
  };
  const labels = curvatureFigure.traces(columns(measured)).map(({ label }) => label);
  expect(labels).toEqual(['largest, plain', 'largest, preconditioned', 'limit, preconditioned']);
});

describe('saturated and dead units', () => {
  const traced = (entries: Partial<Record<Quantity, Column>>): string[] =>
    unitFigure.traces(columns(entries)).map(({ key }) => key);

  it('leave out the kind that a layer cannot have', () => {
    expect(
      traced({
        'saturated/tanh': column([0, 1], [0, 0.4]),
        'dead/tanh': column([0, 1], [0, 0]),
        'saturated/relu': column([0, 1], [0, 0]),
        'dead/relu': column([0, 1], [0, 0.2]),
      }),
    ).toEqual(['saturated/tanh', 'dead/relu']);
  });

  it('keep one line for a layer where nothing is wrong, and both where both are', () => {
    expect(traced({ 'saturated/a': column([0], [0]), 'dead/a': column([0], [0]) })).toEqual(['saturated/a']);
    expect(traced({ 'saturated/a': column([0], [0.1]), 'dead/a': column([0], [0.1]) })).toEqual(['saturated/a', 'dead/a']);
  });
});

it('reads the last value at or before a step', () => {
  const [trace] = accuracyFigure.traces(columns({ accuracy: column([0, 15, 30], [0.1, 0.5, 0.8]) }));
  if (!trace) throw new Error('no trace');
  expect(valueAt(trace, 29)).toEqual({ step: 15, value: 0.5, error: null });
  expect(valueAt(trace, -1)).toBeNull();
});

it('gives eigenvalues with their errors, in words and in the table', () => {
  const measured = columns({
    lambdaMax: column([0, 8], [10, 30]),
    lambdaMaxError: column([0, 8], [0.123, 0.3]),
    preconditionedLambdaMax: column([0, 8], [5, 6]),
    preconditionedLambdaMaxError: column([0], [0.05]),
  });
  const traces = curvatureFigure.traces(measured);
  expect(describeStep(curvatureFigure, traces, 0)).toBe('Step 0: largest, plain 10 ± 0.12, largest, preconditioned 5 ± 0.05');
  expect(tableOf(curvatureFigure, traces, 10).rows).toEqual([
    ['0', '10 ± 0.12', '5 ± 0.05'],
    ['8', '30 ± 0.3', '6'],
  ]);
});

it('every figure is empty without measurements, and has a name of its own', () => {
  expect(figures.map((figure) => figure.traces(new Map()).length)).toEqual(figures.map(() => 0));
  expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
});
