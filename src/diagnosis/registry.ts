import type { Rule } from './rule';
import { lrDiverges } from './rules/lrDiverges';
import { lrOscillates } from './rules/lrOscillates';
import { lrTooSmall } from './rules/lrTooSmall';
import { missingZeroGrad } from './rules/missingZeroGrad';
import { saturatedUnits } from './rules/saturatedUnits';
import { softmaxBeforeCrossEntropy } from './rules/softmaxBeforeCrossEntropy';
import { unscaledInputs } from './rules/unscaledInputs';

/** Every rule there is. */
export const allRules: readonly Rule[] = [
  missingZeroGrad,
  softmaxBeforeCrossEntropy,
  unscaledInputs,
  lrDiverges,
  lrOscillates,
  lrTooSmall,
  saturatedUnits,
];
