import type { Measurements, Series } from '../../records/measurement';
import type { Curve } from './curve';
import { brief, counted } from './format';
import type { Hyperparameter } from './hyperparameters';
import type { RunRecord } from './runRecord';
import type { Unit } from './scripts';

/** What a hover says: paragraphs of Markdown, and a curve where one was measured. */
export interface HoverText {
  readonly lines: readonly string[];
  readonly curve: Curve | null;
}

/** The words and the curve for one hyperparameter of a unit. */
export function hoverText(unit: Unit, parameter: Hyperparameter, record: RunRecord | null): HoverText {
  const origin = parameter.isDefault ? ' (the default of the library)' : '';
  const sweep = parameter.sweep.length > 1 ? `, first of ${parameter.sweep.map(brief).join(', ')}` : '';
  const subject = `**${parameter.name}** \`${brief(parameter.value)}\`${origin}${sweep}`;
  if (!record || record.columns.sequence < 0)
    return {
      lines: [`${subject} of \`${unit.name}\`. Not measured yet: *Diagnose* above the training unit measures it.`],
      curve: null,
    };
  const lines = record.stale ? ['*Stale: the script or its data changed since this was measured.*'] : [];
  const measured = record.columns.measurements();
  if (parameter.name === 'learning rate') {
    const limit = measuredLimit(measured, hasDiverged(record));
    if (limit)
      return {
        lines: [...lines, `${subject}, ${limitWords(parameter.value, limit, measured)}${costWords(record)}`],
        curve: hasDiverged(record) ? lossCurve(measured) : limitCurve(parameter.value, measured),
      };
  }
  const noise = parameter.name === 'batch size' ? noiseWords(last(measured.noiseScale), measured) : '';
  const run = record.run ? ` ${count(record.run.steps)} of ${counted(record.run.ofSteps, 'step')} run.` : '';
  return { lines: [...lines, `${subject}.${noise}${run}${noise === '' ? '' : costWords(record)}`], curve: lossCurve(measured) };
}

interface Limit {
  readonly step: number;
  readonly value: number;
}

/**
 * The limit of stability of the learning rate that a run is told by: the smallest that was measured, and where. Once a
 * run diverges its curvature says nothing of the script any more, so that then the first one counts. Null when none
 * was measured.
 */
export function measuredLimit(measured: Measurements, diverged: boolean): Limit | null {
  const series = measured.rateLimit;
  if (!series) return null;
  let least: Limit | null = null;
  for (let i = 0; i < series.values.length; i++) {
    const [step, value] = [series.steps[i], series.values[i]];
    if (step === undefined || value === undefined || !Number.isFinite(value) || value <= 0) continue;
    if (least === null || value < least.value) least = { step, value };
    if (diverged) break;
  }
  return least;
}

/** Whether the run of a record left every bound. */
export function hasDiverged(record: RunRecord): boolean {
  return record.run?.stoppedBy === 'divergence' || record.run?.nonFinite != null;
}

function limitWords(rate: number, limit: Limit, measured: Measurements): string {
  const quantity = at(measured.preconditionedLambdaMax, limit.step) === null ? 'lambdaMax' : 'preconditionedLambdaMax';
  const curvature = at(measured[quantity], limit.step);
  const error = at(measured[`${quantity}Error`], limit.step);
  const within = error === null ? '' : ` ± ${brief(Number(error.toPrecision(2)))}`;
  const products = at(measured.curvatureProducts, limit.step);
  const cost = products === null ? '' : ` (${count(products)} Hessian products)`;
  const because = curvature === null ? '' : `, from a largest curvature of ${brief(curvature)}${within}${cost}`;
  const side = rate > limit.value ? 'above' : 'below';
  const limitError = at(measured.rateLimitError, limit.step);
  const limitWithin = limitError === null ? '' : ` ± ${brief(Number(limitError.toPrecision(2)))}`;
  return `${side} the limit of stability \`${brief(limit.value)}\`${limitWithin} measured at step ${count(limit.step)}${because}.`;
}

/** What measuring took beside training. */
function costWords({ run }: RunRecord): string {
  if (!run) return '';
  return ` All measuring took ${brief(run.seconds * run.measuringShare)} s of the run’s ${brief(run.seconds)} s.`;
}

function noiseWords(noise: Limit | null, measured: Measurements): string {
  if (!noise) return '';
  const error = at(measured.noiseScaleError, noise.step);
  const within = error === null ? ' (error unknown)' : ` ± ${brief(Number(error.toPrecision(2)))}`;
  return ` Gradient noise scale ${brief(noise.value)}${within} rows at step ${count(noise.step)}: much smaller batches are ruled by noise, much larger ones gain little.`;
}

function limitCurve(rate: number, measured: Measurements): Curve | null {
  const series = measured.rateLimit;
  return series
    ? {
        title: 'learning rate at the limit of stability',
        series,
        reference: { value: rate, label: `rate ${brief(rate)}` },
        marks: true,
      }
    : null;
}

function lossCurve(measured: Measurements): Curve | null {
  const series = measured.epochLoss ?? measured.loss;
  return series ? { title: 'training loss', series, marks: false } : null;
}

function at(series: Series | undefined, step: number): number | null {
  const index = series ? Array.prototype.indexOf.call(series.steps, step) : -1;
  const value = series?.values[index];
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function last(series: Series | undefined): Limit | null {
  const index = (series?.values.length ?? 0) - 1;
  const [step, value] = [series?.steps[index], series?.values[index]];
  return step === undefined || value === undefined ? null : { step, value };
}

const count = (value: number): string => value.toLocaleString('en-US');
