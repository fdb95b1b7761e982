import { lossFloor } from './graphWalk';
import { lossSpan, startOf } from './lossSpan';
import type { Evidence } from './rule';
import type { Reading } from './series';
import { first, last, mannKendall, read, tail, turningShare } from './series';

/** The run's loss on the probe rows; the training loss where that was not measured. */
export function courseOfLoss(e: Evidence): Reading {
  const probe = read(e.measurements, 'epochLoss');
  return probe.values.length > 1 ? probe : read(e.measurements, 'loss');
}

/** Share of what there was to lose that was left at the end; 0 when it was not measured. */
export function lossLeft(e: Evidence): number {
  const loss = courseOfLoss(e);
  const [start, end] = [first(loss), last(loss)];
  if (start === undefined || end === undefined) return 0;
  const span = lossSpan(e);
  return (end - span.floor) / Math.max(startOf(start, span) - span.floor, Number.MIN_VALUE);
}

/** Whether the loss does not fall over the last part of the run: no trend (Mann-Kendall at p .05) or under 1 % of its start. */
export function isFlat(e: Evidence, part = 0.5): boolean {
  const loss = courseOfLoss(e);
  const start = first(loss);
  const end = tail(loss, part);
  if (start === undefined || end.values.length < 4) return false;
  const range = Math.max(...end.values) - Math.min(...end.values);
  return mannKendall(end) > -1.64 || range < 0.01 * Math.abs(start - lossFloor(e.experiment));
}

/** Whether the loss rose half above its start or more [own] and then kept more than half of what there was to lose. */
export function roseAndStayed(e: Evidence): boolean {
  const { values } = courseOfLoss(e);
  const start = values[0];
  return start !== undefined && Math.max(...values) > start + 0.5 * Math.abs(start) && lossLeft(e) > 0.5;
}

/**
 * Whether the loss swings over the last half of the run: it turns round at two points in five or more, and the middle half of
 * its values spans a tenth or more of what there was to lose. [own]
 */
export function swings(e: Evidence): boolean {
  const loss = courseOfLoss(e);
  const start = first(loss);
  const { values } = tail(loss, 0.5);
  if (start === undefined || values.length < 8) return false;
  const sorted = [...values].sort((a, b) => a - b);
  const quarter = sorted.length >> 2;
  const spread = (sorted[sorted.length - 1 - quarter] as number) - (sorted[quarter] as number);
  return turningShare(values) >= 0.4 && spread >= 0.1 * (start - lossFloor(e.experiment));
}

/** Whether steps follow the mean gradient rather than the sampling of rows: all rows, or a median ratio of 1 and more. */
export function signalRules(e: Evidence): boolean {
  if (e.experiment.batches?.sampling === 'full') return true;
  const ratios = [...read(e.measurements, 'signalToNoise').values].sort((a, b) => a - b);
  return ratios.length > 0 && (ratios[ratios.length >> 1] as number) >= 1;
}
