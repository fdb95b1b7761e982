import type { RuleId } from '../records/finding';
import type { Rule } from './rule';
import { activationBeforeLoss } from './rules/activationBeforeLoss';
import { atMaximum } from './rules/atMaximum';
import { batchNormTinyBatch } from './rules/batchNormTinyBatch';
import { batchTooLarge } from './rules/batchTooLarge';
import { batchTooSmall } from './rules/batchTooSmall';
import { biasBeforeNorm } from './rules/biasBeforeNorm';
import { classImbalance } from './rules/classImbalance';
import { conflictingLabels } from './rules/conflictingLabels';
import { constantInput } from './rules/constantInput';
import { convex } from './rules/convex';
import { deadUnits } from './rules/deadUnits';
import { dropoutBeforeNorm } from './rules/dropoutBeforeNorm';
import { dropoutTooHigh } from './rules/dropoutTooHigh';
import { edgeOfStability } from './rules/edgeOfStability';
import { explodingGradient } from './rules/explodingGradient';
import { illConditioned } from './rules/illConditioned';
import { illConditionedInputs } from './rules/illConditionedInputs';
import { initScale } from './rules/initScale';
import { localMinimum } from './rules/localMinimum';
import { lossAtInit } from './rules/lossAtInit';
import { lrDiverges } from './rules/lrDiverges';
import { lrNotLowered } from './rules/lrNotLowered';
import { lrOscillates } from './rules/lrOscillates';
import { lrTooSmall } from './rules/lrTooSmall';
import { missingActivation } from './rules/missingActivation';
import { missingBackward } from './rules/missingBackward';
import { missingEvalMode } from './rules/missingEvalMode';
import { missingOutputActivation } from './rules/missingOutputActivation';
import { missingStep } from './rules/missingStep';
import { missingTrainMode } from './rules/missingTrainMode';
import { missingValues } from './rules/missingValues';
import { missingZeroGrad } from './rules/missingZeroGrad';
import { momentumTooHigh } from './rules/momentumTooHigh';
import { momentumTooLow } from './rules/momentumTooLow';
import { nonFinite } from './rules/nonFinite';
import { notShuffled } from './rules/notShuffled';
import { optimizerSettings } from './rules/optimizerSettings';
import { outputSize } from './rules/outputSize';
import { overfitting } from './rules/overfitting';
import { parametersNotOptimized } from './rules/parametersNotOptimized';
import { plateau } from './rules/plateau';
import { ravine } from './rules/ravine';
import { saddlePoint } from './rules/saddlePoint';
import { saturatedUnits } from './rules/saturatedUnits';
import { schedulerMisplaced } from './rules/schedulerMisplaced';
import { sigmoidBeforeBceWithLogits } from './rules/sigmoidBeforeBceWithLogits';
import { softmaxBeforeCrossEntropy } from './rules/softmaxBeforeCrossEntropy';
import { softmaxAxis } from './rules/softmaxAxis';
import { softmaxBetweenLayers } from './rules/softmaxBetweenLayers';
import { stoppedTooEarly } from './rules/stoppedTooEarly';
import { symmetricInit } from './rules/symmetricInit';
import { targetShape } from './rules/targetShape';
import { uncentredActivations } from './rules/uncentredActivations';
import { uncentredInputs } from './rules/uncentredInputs';
import { underfitting } from './rules/underfitting';
import { unscaledInputs } from './rules/unscaledInputs';
import { unscaledTargets } from './rules/unscaledTargets';
import { vanishingGradient } from './rules/vanishingGradient';
import { wrongSign } from './rules/wrongSign';
import { zeroGradMisplaced } from './rules/zeroGradMisplaced';
import { zeroInit } from './rules/zeroInit';

/**
 * Every rule, once. The order is that of weight: what is certain from the code first, then inputs, then the learning rate
 * and what else a run shows; trials are run in this order.
 */
const byId = {
  'missing-zero-grad': missingZeroGrad,
  'zero-grad-misplaced': zeroGradMisplaced,
  'missing-step': missingStep,
  'missing-backward': missingBackward,
  'wrong-sign': wrongSign,
  'optimizer-settings': optimizerSettings,
  'output-size': outputSize,
  'target-shape': targetShape,
  'missing-values': missingValues,
  'softmax-before-cross-entropy': softmaxBeforeCrossEntropy,
  'sigmoid-before-bce-with-logits': sigmoidBeforeBceWithLogits,
  'missing-output-activation': missingOutputActivation,
  'activation-before-loss': activationBeforeLoss,
  'softmax-axis': softmaxAxis,
  'parameters-not-optimized': parametersNotOptimized,
  'scheduler-misplaced': schedulerMisplaced,
  'missing-eval-mode': missingEvalMode,
  'missing-train-mode': missingTrainMode,
  'batch-norm-tiny-batch': batchNormTinyBatch,
  'bias-before-norm': biasBeforeNorm,
  'dropout-before-norm': dropoutBeforeNorm,
  'zero-init': zeroInit,
  'symmetric-init': symmetricInit,
  'not-shuffled': notShuffled,
  'unscaled-inputs': unscaledInputs,
  'ill-conditioned-inputs': illConditionedInputs,
  'uncentred-inputs': uncentredInputs,
  'unscaled-targets': unscaledTargets,
  'constant-input': constantInput,
  'class-imbalance': classImbalance,
  'conflicting-labels': conflictingLabels,
  'softmax-between-layers': softmaxBetweenLayers,
  'missing-activation': missingActivation,
  'saddle-point': saddlePoint,
  'init-scale': initScale,
  'exploding-gradient': explodingGradient,
  'lr-diverges': lrDiverges,
  'non-finite': nonFinite,
  'momentum-too-high': momentumTooHigh,
  'lr-oscillates': lrOscillates,
  'saturated-units': saturatedUnits,
  'dead-units': deadUnits,
  'uncentred-activations': uncentredActivations,
  'vanishing-gradient': vanishingGradient,
  'lr-too-small': lrTooSmall,
  ravine: ravine,
  'momentum-too-low': momentumTooLow,
  'lr-not-lowered': lrNotLowered,
  'dropout-too-high': dropoutTooHigh,
  'at-maximum': atMaximum,
  plateau: plateau,
  'ill-conditioned': illConditioned,
  'batch-too-small': batchTooSmall,
  'batch-too-large': batchTooLarge,
  overfitting: overfitting,
  underfitting: underfitting,
  'stopped-too-early': stoppedTooEarly,
  'loss-at-init': lossAtInit,
  'edge-of-stability': edgeOfStability,
  convex: convex,
  'local-minimum': localMinimum,
} as const satisfies { readonly [K in RuleId]: Rule & { readonly id: K } };

export const allRules: readonly Rule[] = Object.values(byId);

export const ruleOf = (id: RuleId): Rule => byId[id];
