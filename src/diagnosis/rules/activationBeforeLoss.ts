import type { ModelGraph, ModelNode } from '../../records/model/graph';
import type { LayerKind } from '../../records/model/layers';
import { finding } from '../finding';
import type { LossNode } from '../graphWalk';
import { nameActivation } from '../edits';
import { lossNodes, maker, scored } from '../graphWalk';
import { isOfOneOutput } from '../oneOutput';
import { removalOf, settle } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { irrelevant, passed, undecided } from '../rule';
import { lossAfterSoftmax } from '../softmaxLoss';
import { amount } from '../words';

/** An activation on the output keeps it from values that the loss asks for. */
export const activationBeforeLoss = {
  id: 'activation-before-loss',
  tier: 0,
  severity: 'warning',
  title: 'An activation on the output cuts off values that the loss or the targets need.',
  explanation: `Logits need both signs. A ReLU on them makes wrong classes impossible to push below 0 and can die; a tanh or sigmoid bounds
them, so that cross-entropy cannot come near 0. Keras's categorical cross-entropy takes the probabilities of a softmax: those of
a sigmoid say of each class by itself how likely it is. Under binary cross-entropy it is the other way round: three outputs and more
of a softmax do not go with it. A squared error after a softmax is flat where the model is surely wrong. With a squared or absolute loss the output must reach the targets: a ReLU
cannot give the negative ones, a sigmoid none outside [0, 1].

**How it is found.** The layer that made the loss's input. For squared and absolute losses the smallest and largest target decide.

**No fault:** a ReLU or softplus on targets that are never negative; a bounded activation whose range holds the targets;
a scaled one (\`3 * tanh(x)\`); leaky activations; a squared distance of probabilities beside other terms of the loss. Where a squared
error after a softmax is fitted all the same, it is information.`,
  detect,
} as const satisfies Rule;

/** Range of each bounded activation. */
const ranges: Readonly<Partial<Record<LayerKind, readonly [number, number]>>> = {
  relu: [0, Infinity],
  relu6: [0, 6],
  softplus: [0, Infinity],
  sigmoid: [0, 1],
  hardSigmoid: [0, 1],
  tanh: [-1, 1],
  hardTanh: [-1, 1],
  softsign: [-1, 1],
  abs: [0, Infinity],
};

/** Activations that spoil logits. Softplus and sigmoid before binary losses belong to other rules or do little. */
const spoilLogits: readonly LayerKind[] = ['relu', 'relu6', 'tanh', 'hardTanh', 'softsign', 'abs'];

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null || model.loss === null) return undecided('a model and a loss that can be read');
  const losses = lossNodes(model);
  if (losses.length === 0) return irrelevant;
  for (const loss of losses) {
    const source = scored(model, loss);
    if (source === null || model.nodes.indexOf(source.layer) >= model.lossStart) continue;
    if (isOfOneOutput(model, loss)) continue;
    const outcome = source.asProbabilities
      ? forSoftmax(e, source.layer)
      : (lossAfterSoftmax(e, model, loss, source.layer) ?? judgeOutput(e, model, loss, source.layer));
    if (outcome !== null) return outcome;
  }
  return passed;
}

/** Cross-entropy over several classes takes probabilities that sum to 1: those of a softmax. */
function forSoftmax(e: Evidence, activation: ModelNode): Outcome | null {
  if (ranges[activation.kind] === undefined) return null;
  const edits = nameActivation(e.texts, activation.range, 'softmax');
  const words = `Categorical cross-entropy takes probabilities that sum to 1 over the classes; those of a ${activation.kind} do not, so that the classes hardly compete.`;
  return settle(e, 'activation-before-loss', edits.length === 0 ? null : { title: 'Use a softmax', edits }, (ending, fixes) =>
    finding('activation-before-loss', 'warning', activation.range, `${words}${ending}`, { fixes }),
  );
}

function judgeOutput(e: Evidence, model: ModelGraph, loss: LossNode, activation: ModelNode): Outcome | null {
  if (loss.kind === 'crossEntropy' || loss.kind === 'bceWithLogits') {
    const spoils =
      spoilLogits.includes(activation.kind) ||
      (loss.kind === 'crossEntropy' && ['sigmoid', 'hardSigmoid'].includes(activation.kind));
    return spoils
      ? report(
          e,
          activation,
          `The loss expects logits of both signs and any size, but they go through a ${activation.kind} first.`,
        )
      : null;
  }
  if (!['mse', 'l1', 'huber', 'smoothL1'].includes(loss.kind)) return null;
  const range = ranges[activation.kind];
  if (range === undefined) return null;
  if (e.statistics === null) return undecided('the range of the targets');
  if (targetsAreChanged(model, loss)) return null;
  const { minimum, maximum, mean, variance } = e.statistics.target;
  // A target a little outside (noise around a bound) is no fault: a tenth of a deviation and more counts. [own]
  const slack = 0.1 * Math.sqrt(variance);
  if (minimum >= range[0] - slack && maximum <= range[1] + slack) return null;
  const words = `The targets go from ${amount(minimum)} to ${amount(maximum)} (mean ${amount(mean)}), but a ${activation.kind} on the output gives only values ${rangeWords(range)}.`;
  return report(e, activation, words);
}

/** Whether arithmetic is done on the targets inside of the loss expression: then their range is not known. */
function targetsAreChanged(model: ModelGraph, loss: LossNode): boolean {
  return maker(model, loss.inputs[1] ?? -1)?.kind !== 'target';
}

const rangeWords = ([low, high]: readonly [number, number]): string =>
  high === Infinity ? `of at least ${low}` : `between ${low} and ${high}`;

const report = (e: Evidence, activation: ModelNode, cause: string): Outcome =>
  settle(e, 'activation-before-loss', removalOf(e, activation), (words, fixes) =>
    finding('activation-before-loss', 'warning', activation.range, `${cause}${words}`, { fixes }),
  );
