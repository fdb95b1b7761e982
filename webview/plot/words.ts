import { valueAt, type Figure, type Measured, type Trace } from '../figures/figure';
import { count, formatNumber, formatShare, groupThousands } from '../format';
import { stopsOf } from './steps';
import type { ValueRange } from './range';

/** A value of the figure, as it is written and spoken. */
export function formatValue(figure: Figure, value: number | null | undefined): string {
  return figure.share ? formatShare(value) : formatNumber(value);
}

/** A measured value with its error, where one is known. */
export function formatMeasured(figure: Figure, { value, error }: Pick<Measured, 'value' | 'error'>): string {
  return error === null
    ? formatValue(figure, value)
    : `${formatValue(figure, value)} ± ${formatNumber(Number(error.toPrecision(2)))}`;
}

/** What a figure shows, in sentences: for those who hear it. */
export function describeFigure(figure: Figure, traces: readonly Trace[]): string {
  if (traces.length === 0) return `${figure.title}. Nothing measured yet. ${figure.empty}`;
  const last = Math.max(...traces.map(({ steps }) => steps[steps.length - 1] ?? 0));
  const sentences = traces.length > 6 ? [describeLayers(figure, traces)] : traces.map((trace) => describeTrace(figure, trace));
  return `${figure.title}, ${figure.axis}, up to step ${groupThousands(last)}. ${sentences.join(' ')}`;
}

function describeTrace(figure: Figure, { label, steps, values }: Trace): string {
  const finite = extremes(steps, values);
  if (!finite) return `${label}: no finite value.`;
  const { first, last, lowest, highest, missing } = finite;
  const written = (value: number): string => formatValue(figure, value);
  const gaps = missing > 0 ? ` ${count(missing, 'value')} not finite.` : '';
  return (
    `${label}: from ${written(first.value)} to ${written(last.value)}, lowest ${written(lowest.value)} at step ${groupThousands(lowest.step)}, ` +
    `highest ${written(highest.value)} at step ${groupThousands(highest.step)}.${gaps}`
  );
}

function describeLayers(figure: Figure, traces: readonly Trace[]): string {
  const ends = traces.flatMap((trace) => {
    const value = trace.values[trace.values.length - 1];
    return value !== undefined && Number.isFinite(value) ? [{ label: trace.label, value }] : [];
  });
  if (ends.length === 0) return `${count(traces.length, 'line')}, no finite value at the end.`;
  const low = ends.reduce((a, b) => (b.value < a.value ? b : a));
  const high = ends.reduce((a, b) => (b.value > a.value ? b : a));
  return `${count(traces.length, 'line')}; at the end from ${formatValue(figure, low.value)} (${low.label}) to ${formatValue(figure, high.value)} (${high.label}).`;
}

interface Place {
  readonly step: number;
  readonly value: number;
}

/** The ends and the extremes among the finite values; null when there are none. */
function extremes(
  steps: Float64Array,
  values: Float64Array,
): { first: Place; last: Place; lowest: Place; highest: Place; missing: number } | null {
  let [first, last, lowest, highest, missing] = [-1, -1, -1, -1, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) {
      missing++;
      continue;
    }
    if (first < 0) first = lowest = highest = i;
    last = i;
    if (value < (values[lowest] as number)) lowest = i;
    if (value > (values[highest] as number)) highest = i;
  }
  if (first < 0) return null;
  const place = (at: number): Place => ({ step: steps[at] as number, value: values[at] as number });
  return { first: place(first), last: place(last), lowest: place(lowest), highest: place(highest), missing };
}

/** The values at a step, as the keyboard cursor speaks them. */
export function describeStep(figure: Figure, traces: readonly Trace[], step: number): string {
  const values = traces.flatMap((trace) => {
    const at = valueAt(trace, step);
    return at ? [`${trace.label} ${formatMeasured(figure, at)}`] : [];
  });
  return `Step ${groupThousands(step)}: ${values.join(', ')}`;
}

/** Rows of the table behind a figure: header, then one row per step, evenly thinned to `limit` rows. */
export function tableOf(
  figure: Figure,
  traces: readonly Trace[],
  limit: number,
): { readonly head: string[]; readonly rows: string[][]; readonly of: number } {
  const stops = stopsOf(traces);
  const shown = Math.min(limit, stops.length);
  const rows: string[][] = [];
  for (let row = 0; row < shown; row++) {
    const step = stops[shown === 1 ? 0 : Math.round((row * (stops.length - 1)) / (shown - 1))] as number;
    rows.push([groupThousands(step), ...traces.map((trace) => cell(figure, trace, step))]);
  }
  return { head: ['step', ...traces.map(({ label }) => label)], rows, of: stops.length };
}

function cell(figure: Figure, trace: Trace, step: number): string {
  const at = valueAt(trace, step);
  return at && at.step === step ? formatMeasured(figure, at) : '';
}

/** What the axes do not show, in a few words; null when they show everything. */
export function describeOutside({ above, below, notPositive, notFinite }: ValueRange, brokenAt: number | null): string | null {
  const parts = [
    above > 0 ? `${groupThousands(above)} above` : '',
    below > 0 ? `${groupThousands(below)} below` : '',
    notPositive > 0 ? `${groupThousands(notPositive)} not positive` : '',
    notFinite > 0
      ? `${groupThousands(notFinite)} not finite${brokenAt === null ? '' : ` from step ${groupThousands(brokenAt)}`}`
      : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : parts.join(' · ');
}
