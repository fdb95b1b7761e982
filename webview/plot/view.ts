import { indexAtOrBefore } from '../columns';
import type { Figure, Trace } from '../figures/figure';
import { formatShare } from '../format';
import type { FigureChoice, Navigation } from '../navigation';
import { decimate, type Frame, type Point } from './decimate';
import { axisRange, valueRange, type Sample, type ValueRange } from './range';
import { linearScale, logScale, symlogScale, symlogThreshold, ticksOf, type Scale, type Tick } from './scale';
import { smooth, windowOf } from './smooth';

/** One axis as drawn, in positions. */
export interface Axis {
  readonly scale: Scale;
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly Tick[];
}

/** One line as drawn. */
export interface PlotLine {
  readonly trace: Trace;
  readonly points: readonly Point[];
  /** `raw`: thin, behind its smoothed form. */
  readonly role: 'raw' | 'main';
  /** Few points: each is marked. */
  readonly dots: boolean;
  /** Lower and upper edge of the error band. */
  readonly band: readonly (readonly [Point, Point])[];
}

/** All that a chart needs to paint a figure. */
export interface PlotView {
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly PlotLine[];
  readonly outside: ValueRange;
  /** First step at which a drawn line is not finite; null when all are. */
  readonly brokenAt: number | null;
  /** Values averaged in smoothed lines; 1 when nothing is smoothed. */
  readonly window: number;
}

/** What is wanted: the figure's traces that are not hidden, the choices, the steps and the size in pixels of the plot. */
export interface ViewRequest {
  readonly figure: Figure;
  readonly traces: readonly Trace[];
  readonly choice: FigureChoice;
  readonly navigation: Navigation;
  /** Steps of all figures together, so that they share one axis. */
  readonly steps: readonly [number, number];
  readonly width: number;
  readonly height: number;
}

/** Puts a figure into positions; null when there is nothing that the axes can show. */
export function plotView(request: ViewRequest): PlotView | null {
  const { figure, traces, choice, navigation, steps, width, height } = request;
  const yScale = valueScale(figure, traces, choice);
  const samples = traces.map((trace) => sampleOf(trace, steps));
  const range = valueRange(samples, yScale, choice.wide || figure.share);
  if (range === null) return null;
  const xScale = stepScale(navigation);
  const x: readonly [number, number] = [xScale.forward(steps[0]), xScale.forward(steps[1])];
  const y = figure.share && yScale.kind === 'linear' ? ([0, 1] as const) : axisRange(yScale, range.low, range.high);
  const smoothing = Math.max(
    1,
    ...traces.filter(({ noisy }) => noisy).map((trace) => windowOf(navigation.smoothing, trace.steps.length)),
  );
  const draw = (trace: Trace, values: Float64Array, role: PlotLine['role']): PlotLine => ({
    trace,
    role,
    points: decimate(trace.steps, values, xScale, yScale, { x, y }, width),
    dots: role === 'main' && !trace.noisy && trace.above === undefined && trace.steps.length <= width / 12,
    band: role === 'main' && trace.error ? bandOf(trace, trace.error, xScale, yScale, { x, y }) : [],
  });
  return {
    x: { scale: xScale, low: x[0], high: x[1], ticks: ticksOf(xScale, x[0], x[1], Math.max(2, width / 60), true) },
    y: { scale: yScale, low: y[0], high: y[1], ticks: valueTicks(figure, yScale, y, Math.max(2, height / 30)) },
    lines: linesOf(traces, smoothing, draw),
    outside: range,
    brokenAt: range.notFinite > 0 ? firstBroken(traces, samples) : null,
    window: smoothing,
  };
}

/** Scale of the steps. The logarithmic one is symmetric with a linear start, since runs begin at step 0. */
export function stepScale(navigation: Navigation): Scale {
  return navigation.logSteps ? symlogScale(1) : linearScale;
}

function valueScale(figure: Figure, traces: readonly Trace[], choice: FigureChoice): Scale {
  if (!(choice.log ?? (figure.logByDefault || (!figure.share && hasExploded(traces))))) return linearScale;
  return figure.signed ? symlogScale(symlogThreshold(traces.map(typicalSize))) : logScale;
}

/** Whether a line rose a thousandfold over where it began: on a linear axis nothing else would be seen. */
function hasExploded(traces: readonly Trace[]): boolean {
  return traces.some(({ values }) => {
    const first = values.find((value) => Number.isFinite(value) && value !== 0);
    return first !== undefined && values.some((value) => Number.isFinite(value) && Math.abs(value) > 1000 * Math.abs(first));
  });
}

/** Median of the sizes that are finite and not zero, over about a hundred of them; 0 when there are none. */
function typicalSize({ values }: Trace): number {
  const stride = Math.max(1, Math.floor(values.length / 100));
  const sizes: number[] = [];
  for (let i = 0; i < values.length; i += stride) {
    const size = Math.abs(values[i] as number);
    if (size > 0 && Number.isFinite(size)) sizes.push(size);
  }
  return sizes.sort((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? 0;
}

function sampleOf(trace: Trace, [first, last]: readonly [number, number]): Sample {
  const before = indexAtOrBefore(trace.steps, first);
  const from = before >= 0 && trace.steps[before] === first ? before : before + 1;
  return { values: trace.values, from, to: indexAtOrBefore(trace.steps, last) + 1 };
}

function firstBroken(traces: readonly Trace[], samples: readonly Sample[]): number | null {
  const steps = traces.flatMap((trace, index) => {
    const sample = samples[index];
    if (!sample) return [];
    const at = trace.values.subarray(sample.from, sample.to).findIndex((value) => !Number.isFinite(value));
    return at < 0 ? [] : [trace.steps[sample.from + at] as number];
  });
  return steps.length > 0 ? Math.min(...steps) : null;
}

function valueTicks(figure: Figure, scale: Scale, [low, high]: readonly [number, number], wanted: number): Tick[] {
  const ticks = ticksOf(scale, low, high, wanted);
  return figure.share ? ticks.map(({ position }) => ({ position, label: formatShare(scale.inverse(position)) })) : ticks;
}

/** Raw lines lie behind all others, in the order of the figure. */
function linesOf(
  traces: readonly Trace[],
  window: number,
  draw: (trace: Trace, values: Float64Array, role: PlotLine['role']) => PlotLine,
): PlotLine[] {
  const raw = traces.filter(({ noisy }) => noisy && window > 1).map((trace) => draw(trace, trace.values, 'raw'));
  const main = traces.map((trace) =>
    draw(trace, trace.noisy && window > 1 ? smooth(trace.values, window) : trace.values, 'main'),
  );
  return [...raw, ...main];
}

function bandOf(trace: Trace, error: Float64Array, xScale: Scale, yScale: Scale, frame: Frame): [Point, Point][] {
  const band: [Point, Point][] = [];
  const within = (y: number): number => Math.min(2 * frame.y[1] - frame.y[0], Math.max(2 * frame.y[0] - frame.y[1], y));
  for (let i = 0; i < trace.steps.length; i++) {
    const x = xScale.forward(trace.steps[i] as number);
    const value = trace.values[i] as number;
    const half = error[i] as number;
    if (x < frame.x[0] || x > frame.x[1] || !Number.isFinite(value) || !Number.isFinite(half)) continue;
    band.push([
      { x, y: within(yScale.forward(value - half)) },
      { x, y: within(yScale.forward(value + half)) },
    ]);
  }
  return band;
}
