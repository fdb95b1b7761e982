import type { ModelGraph } from '../records/model/graph';
import type { Elements } from './rows';

/** Rows (or positions) that were counted, and those that were right. */
export interface Tally {
  right: number;
  counted: number;
}

type AccuracyRule = NonNullable<ModelGraph['accuracy']>;

/** Counts right answers: `scores` of `shape` [rows, classes, ...] (or any shape for a threshold) against the targets. */
export function countRight(rule: AccuracyRule, scores: Float32Array, shape: readonly number[], target: Elements): Tally {
  return rule.kind === 'threshold' ? countThreshold(scores, target, rule.at) : countLargest(scores, shape, target);
}

function countThreshold(scores: Float32Array, target: Elements, at: number): Tally {
  let right = 0;
  for (let i = 0; i < scores.length; i++) if ((scores[i] as number) > at === (target[i] as number) > 0.5) right++;
  return { right, counted: scores.length };
}

/** The class with the largest score, against class numbers or against the class with the largest probability. */
function countLargest(scores: Float32Array, shape: readonly number[], target: Elements): Tally {
  const axis = shape.length === 1 ? 0 : 1;
  const classes = shape[axis] ?? 1;
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const outer = scores.length / (classes * inner);
  const hasProbabilities = target.length === scores.length && classes > 1;
  let right = 0;
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < inner; j++) {
      const start = i * classes * inner + j;
      const answer = hasProbabilities ? largestAt(target, start, inner, classes) : target[i * inner + j];
      if (largestAt(scores, start, inner, classes) === answer) right++;
    }
  }
  return { right, counted: outer * inner };
}

function largestAt(values: Elements, start: number, stride: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++)
    if ((values[start + c * stride] as number) > (values[start + best * stride] as number)) best = c;
  return best;
}
