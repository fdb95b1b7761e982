import type { ModelGraph, ModelNode } from '../../records/model/graph';
import type { LayerKind } from '../../records/model/layers';
import { giveActivation, nameActivation, replaceWithin } from '../edits';
import { finding } from '../finding';
import type { LossNode } from '../graphWalk';
import { isNorm, isWeighing, lossNodes, scored } from '../graphWalk';
import { isOfOneOutput } from '../oneOutput';
import type { Remedy } from '../removal';
import { settle } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { irrelevant, passed, undecided } from '../rule';

/** A loss that wants probabilities, or their logarithms, gets something else. */
export const missingOutputActivation = {
  id: 'missing-output-activation',
  tier: 0,
  severity: 'error',
  title: 'The loss expects probabilities (or log-probabilities) and gets raw outputs.',
  explanation: `\`BCELoss\` takes the logarithm of its input and refuses values outside [0, 1]. \`NLLLoss\` takes log-probabilities: given raw
outputs it can be made as negative as one likes without learning anything, and given plain probabilities it has the wrong
slope everywhere.

**How it is found.** The layer that made the loss's input: for \`BCELoss\` a layer that is not bounded to [0, 1], for
\`NLLLoss\` one that is not a log-softmax, for Keras's categorical cross-entropy without \`from_logits\` a layer without activation.
Layers of unknown range are passed.

**Fix:** the loss that applies the activation itself, which is also the numerically stable one.

Source: the definitions of \`torch.nn.BCELoss\` and \`NLLLoss\`.`,
  detect,
} as const satisfies Rule;

/** Activations whose range goes outside [0, 1]. */
const beyondProbabilities: readonly LayerKind[] = [
  'relu',
  'leakyRelu',
  'elu',
  'selu',
  'gelu',
  'silu',
  'tanh',
  'softplus',
  'softsign',
  'logSoftmax',
  'logSigmoid',
];

const isRaw = (node: ModelNode): boolean => isWeighing(node) || isNorm(node);

interface Fault {
  readonly words: string;
  readonly title: string;
}

function faultOf(loss: LossNode, source: ModelNode): Fault | null {
  if (loss.kind === 'bce' && (isRaw(source) || beyondProbabilities.includes(source.kind)))
    return {
      words: `Binary cross-entropy takes probabilities in [0, 1], but it gets the output of a ${source.kind} layer, which is not bounded to them.`,
      title: 'Use the loss that takes logits',
    };
  if (loss.kind === 'nll' && isRaw(source))
    return {
      words: `NLLLoss takes log-probabilities, but it gets the raw output of a ${source.kind} layer: the loss has no lower bound.`,
      title: 'Use cross-entropy, which applies log-softmax itself',
    };
  if (loss.kind === 'nll' && source.kind === 'softmax')
    return {
      words: 'NLLLoss takes log-probabilities, but it gets probabilities from a softmax without the logarithm.',
      title: 'Use log-softmax',
    };
  return null;
}

/** The name to write in place of each; they stand for the loss's class and its function alike. */
const replacements: Readonly<Record<string, string>> = {
  BCELoss: 'BCEWithLogitsLoss',
  binary_cross_entropy: 'binary_cross_entropy_with_logits',
  NLLLoss: 'CrossEntropyLoss',
  nll_loss: 'cross_entropy',
  Softmax: 'LogSoftmax',
  softmax: 'log_softmax',
};

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null || model.loss === null) return undecided('a model and a loss that can be read');
  const losses = lossNodes(model).flatMap((loss) => {
    const source = scored(model, loss);
    return source !== null && (source.asProbabilities || loss.kind === 'bce' || loss.kind === 'nll') ? [{ loss, ...source }] : [];
  });
  if (losses.length === 0) return irrelevant;
  for (const { loss, layer, asProbabilities } of losses) {
    if (isOfOneOutput(model, loss)) continue;
    if (asProbabilities && isRaw(layer)) return withoutSoftmax(e, model, loss, layer);
    const fault = faultOf(loss, layer);
    if (fault !== null) return report(e, model, loss, layer, fault);
  }
  return passed;
}

/** Keras's cross-entropy over several classes on an output without activation. */
function withoutSoftmax(e: Evidence, model: ModelGraph, loss: LossNode, source: ModelNode): Outcome {
  const edits = giveActivation(e.texts, source.range, 'softmax');
  return settle(
    e,
    'missing-output-activation',
    edits.length === 0 ? null : { title: 'Give the output a softmax', edits },
    (words, fixes) =>
      finding(
        'missing-output-activation',
        'error',
        model.lossRange ?? loss.range,
        `Categorical cross-entropy takes probabilities, but it gets the raw output of a ${source.kind} layer, which Keras cuts off at 0 and 1.${words}`,
        { fixes },
      ),
  );
}

function report(e: Evidence, model: ModelGraph, loss: LossNode, source: ModelNode, fault: Fault): Outcome {
  const atSoftmax = source.kind === 'softmax';
  const inKeras = e.experiment.optimizer?.form === 'keras' && nameActivation(e.texts, source.range, 'sigmoid').length > 0;
  const place = atSoftmax || inKeras ? source.range : (model.lossRange ?? loss.range);
  return settle(e, 'missing-output-activation', kerasRemedy(e, source) ?? remedy(e, place, fault), (words, fixes) =>
    finding('missing-output-activation', 'error', place, `${fault.words}${words}`, { fixes }),
  );
}

/** In Keras the layer itself takes the activation, by its name. */
function kerasRemedy(e: Evidence, source: ModelNode): Remedy | null {
  if (e.experiment.optimizer?.form !== 'keras') return null;
  const renamed = nameActivation(e.texts, source.range, 'sigmoid');
  const edits = renamed.length > 0 || !isRaw(source) ? renamed : giveActivation(e.texts, source.range, 'sigmoid');
  return edits.length === 0 ? null : { title: 'Give the output a sigmoid', edits };
}

function remedy(e: Evidence, place: ModelNode['range'], fault: Fault): Remedy | null {
  for (const [from, to] of Object.entries(replacements)) {
    const edits = replaceWithin(e.texts, place, new RegExp(`(?<![A-Za-z_])${from}\\b`), to);
    if (edits.length > 0) return { title: fault.title, edits };
  }
  return null;
}
