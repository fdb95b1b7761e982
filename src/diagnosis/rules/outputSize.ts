import type { Fix, RelatedPlace } from '../../records/finding';
import { finding, place } from '../finding';
import { lossNodes, maker, targetRowShape, weighingNodes, type LossNode } from '../graphWalk';
import { afterMade } from '../inputScaling';
import { asBinary, isOfOneOutput } from '../oneOutput';
import { rowShape } from '../rowShapes';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';
import { grouped } from '../words';
import type { ModelGraph, ModelNode } from '../../records/model/graph';
import { nameActivation, setValue } from '../edits';
import { settle } from '../removal';

/** The model has fewer outputs than there are classes. */
export const outputSize = {
  id: 'output-size',
  tier: 1,
  severity: 'error',
  title: 'The last layer has too few outputs for the classes in the data.',
  explanation: `Cross-entropy needs one output for each class number from 0 on: for the largest class number c, at least c + 1 outputs.
With fewer PyTorch stops with an index error (on a GPU often without a clear message). Class numbers below 0 are refused.

A softmax over a single output is 1 for every row, and cross-entropy over one class is 0; two classes need a sigmoid there, or two outputs. Binary cross-entropy tells
class 1 from class 0 and knows no others.

**How it is found.** The width of the loss's input against the class numbers in the training rows; a softmax behind a layer of width 1.

**No fault:** more outputs than classes; classes that a small sample lacks.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null || model.loss === null) return undecided('a model and a loss that can be read');
  const alone = lossNodes(model).map((one) => maker(model, one.inputs[0] ?? -1));
  for (const node of alone) if (node !== null && isSoftmaxOfOne(model, node)) return softmaxOfOne(e, node);
  const loss = lossNodes(model).find(({ kind }) => kind === 'crossEntropy' || kind === 'nll');
  if (loss === undefined) return severalForBinary(e, model);
  if (isOfOneOutput(model, loss)) return crossEntropyOfOne(e, model, loss);
  const { statistics } = e;
  if (statistics === null) return undecided('the classes in the training rows');
  const { minimum, maximum } = statistics.target;
  if (statistics.target.kind !== 'classes' && !(minimum < 0 && targetRowShape(statistics).length === 0)) return passed;
  const layer = weighingNodes(model).at(-1) ?? maker(model, loss.inputs[0] ?? -1);
  if (layer === null) return undecided('the last layer');
  const related = classesHere(e, minimum, maximum);
  if (minimum < 0)
    return found(
      finding(
        'output-size',
        'error',
        layer.range,
        `The smallest class number is ${minimum}; cross-entropy takes 0 and above. Seen in the data.`,
        { related },
      ),
    );
  const shape = rowShape(model, statistics, loss.inputs[0] ?? -1);
  const width = shape?.[0];
  if (width === null || width === undefined) return passed;
  if (width > maximum) return passed;
  const fromAbove = minimum > 0 && maximum - minimum < width;
  const needed = fromAbove
    ? `class numbers go from ${grouped(minimum)} to ${grouped(maximum)}, and cross-entropy counts them from 0: 0 to ${grouped(maximum - minimum)}`
    : `class numbers go up to ${grouped(maximum)}, which needs ${grouped(maximum + 1)}`;
  return found(
    finding(
      'output-size',
      'error',
      layer.range,
      `The model has ${grouped(width)} output${width === 1 ? '' : 's'}, but ${needed}. Seen in the data.`,
      { related, fixes: [...(fromAbove ? countFromZero(e, minimum) : []), ...widen(e, layer, maximum + 1)] },
    ),
  );
}

/** Labels that begin above 0, with as many outputs as there are classes: the labels are what is off. */
function countFromZero(e: Evidence, minimum: number): readonly Fix[] {
  const edits = afterMade(e, 'targets', (of) => `${of} = ${of} - ${minimum}`);
  return edits.length === 0 ? [] : [{ title: 'Count the classes from 0', edits }];
}

/** Binary cross-entropy over a single output, and class numbers beyond 0 and 1. */
function severalForBinary(e: Evidence, model: ModelGraph): Outcome {
  const loss = lossNodes(model).find(({ kind }) => kind === 'bce' || kind === 'bceWithLogits');
  if (loss === undefined) return irrelevant;
  const { statistics } = e;
  if (statistics === null) return undecided('the classes in the training rows');
  const layer = weighingNodes(model).at(-1);
  const { minimum, maximum, type } = statistics.target;
  const asWritten = maker(model, loss.inputs[1] ?? -1)?.kind === 'target';
  if (layer === undefined || !asWritten || type !== 'integer' || minimum < 0 || maximum < 2) return passed;
  const range = layer.places.out ?? layer.range;
  const words = `Binary cross-entropy tells class 1 from class 0, but class numbers go up to ${grouped(maximum)}: the loss has no lower bound there. ${grouped(maximum + 1)} classes need as many outputs and categorical cross-entropy. Seen in the data.`;
  return found(finding('output-size', 'error', range, words, { related: classesHere(e, minimum, maximum) }));
}

const classesHere = (e: Evidence, minimum: number, maximum: number): readonly RelatedPlace[] =>
  e.experiment.train === null
    ? []
    : [{ ...place(e.experiment.train.targetRange), message: `class numbers go from ${minimum} to ${maximum}` }];

/** Categorical cross-entropy over a single output: the one class always has probability 1. */
function crossEntropyOfOne(e: Evidence, model: ModelGraph, loss: LossNode): Outcome {
  const layer = weighingNodes(model).at(-1) ?? loss;
  const remedy = asBinary(e, model, loss);
  return settle(e, 'output-size', remedy, (words, fixes) =>
    finding(
      'output-size',
      'error',
      layer.places.out ?? layer.range,
      `Cross-entropy over classes needs an output for each of them. Over one output it is 0, whatever comes in: nothing can be learned. For two classes take two outputs, or a sigmoid and binary cross-entropy.${words}`,
      { fixes },
    ),
  );
}

/** A softmax over a single output divides it by itself. */
function isSoftmaxOfOne(model: ModelGraph, node: ModelNode): boolean {
  const layer = node.kind === 'softmax' ? maker(model, node.inputs[0] ?? -1) : null;
  return layer?.kind === 'linear' && layer.arguments.out === 1;
}

function softmaxOfOne(e: Evidence, node: ModelNode): Outcome {
  const edits = nameActivation(e.texts, node.range, 'sigmoid');
  const remedy = edits.length === 0 ? null : { title: 'Use a sigmoid', edits };
  return settle(e, 'output-size', remedy, (words, fixes) =>
    finding(
      'output-size',
      'error',
      node.range,
      `A softmax over one output is always 1, whatever comes in: nothing can be learned.${words}`,
      { fixes },
    ),
  );
}

/** The literal of the layer's width, set to the number of classes. */
function widen(e: Evidence, layer: ModelNode, classes: number) {
  const at = layer.places.out ?? layer.places.outChannels;
  if (at === undefined || layer.kind !== 'linear' || typeof layer.arguments.out !== 'number') return [];
  const edits = setValue(
    e.texts,
    { value: layer.arguments.out, place: at, chain: [], isDefault: false },
    layer.range,
    'out_features',
    classes,
  );
  return edits.length === 0 ? [] : [{ title: `Give the last layer ${classes} outputs`, edits }];
}
