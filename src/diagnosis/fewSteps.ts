import { lossLeft } from './course';
import { lossSpan } from './lossSpan';
import type { Evidence } from './rule';
import type { Protocol } from './trials';
import { epochsVariant, protocol, twiceAsFar } from './trials';

/** A script of fewer steps than this is suspected to have too few. [own] */
const few = 100;

/** Whether the whole script takes so few steps that their number alone may be what is missing. */
export const takesFewSteps = (e: Evidence): boolean => e.run !== null && e.run.ofSteps < few && lossLeft(e) > 0.5;

/** A script of fewer steps than this at a usual rate is one that shows how it is done, not one that moves too slowly. [own] */
const short = 300;

/** Where the rates begin that tutorials and defaults name: of optimizers whose steps have the size of the rate, and of plain descent. [own] */
const usualRates = { adaptive: 3e-4, plain: 1e-2 } as const;

/** Whether a short script leaves most of its loss at a rate that is usual: then more epochs are tried before the rate is blamed. */
export function isShortAtUsualRate(e: Evidence): boolean {
  const { optimizer } = e.experiment;
  if (optimizer === null || e.run === null || e.run.ofSteps >= short || lossLeft(e) <= 0.5) return false;
  const rate = optimizer.learningRate.value;
  if (optimizer.kind === 'sgd') return rate / (1 - optimizer.settings.momentum.value) >= usualRates.plain;
  return ['adam', 'adamw', 'adamax', 'nadam', 'radam', 'rmsprop'].includes(optimizer.kind) && rate >= usualRates.adaptive;
}

/** How many times the epochs are tried: ten times, or as many as make a hundred steps. */
export const timesEpochs = (e: Evidence): number => Math.max(10, Math.ceil(few / Math.max(1, e.run?.ofSteps ?? few)));

/** The script with more epochs and nothing else changed, against the script as it stands. */
export function withMoreEpochs(e: Evidence): Protocol {
  const epochs = e.experiment.loop?.epochs.value ?? 1;
  return protocol(e, epochsVariant(timesEpochs(e) * Math.max(1, epochs)), twiceAsFar(lossSpan(e)));
}
