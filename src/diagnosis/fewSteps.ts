import { lossLeft } from './course';
import { lossSpan } from './lossSpan';
import type { Evidence } from './rule';
import type { Protocol } from './trials';
import { epochsVariant, protocol, twiceAsFar } from './trials';

/** A script of fewer steps than this is suspected to have too few. [own] */
const few = 100;

/** Whether the whole script takes so few steps that their number alone may be what is missing. */
export const takesFewSteps = (e: Evidence): boolean => e.run !== null && e.run.ofSteps < few && lossLeft(e) > 0.5;

/** How many times the epochs are tried: ten times, or as many as make a hundred steps. */
export const timesEpochs = (e: Evidence): number => Math.max(10, Math.ceil(few / Math.max(1, e.run?.ofSteps ?? few)));

/** The script with more epochs and nothing else changed, against the script as it stands. */
export function withMoreEpochs(e: Evidence): Protocol {
  const epochs = e.experiment.loop?.epochs.value ?? 1;
  return protocol(e, epochsVariant(timesEpochs(e) * Math.max(1, epochs)), twiceAsFar(lossSpan(e)));
}
