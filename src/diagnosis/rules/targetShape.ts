import type { DataStatistics } from '../../records/dataset';
import type { ModelGraph } from '../../records/model/graph';
import type { RelatedPlace } from '../../records/finding';
import { replaceWithin } from '../edits';
import { finding, place } from '../finding';
import type { LossNode } from '../graphWalk';
import { lossNodes, maker, outputClasses } from '../graphWalk';
import type { Remedy } from '../removal';
import { settle } from '../removal';
import type { RowShape } from '../rowShapes';
import type { TypeFault } from '../targetTypes';
import { typeFaultOf } from '../targetTypes';
import { rowShape } from '../rowShapes';
import type { Evidence, Outcome, Rule } from '../rule';
import { irrelevant, passed, undecided } from '../rule';
import { parseCall, textAt } from '../text';

/** Outputs and targets that differ in shape and are broadcast against each other, or targets of a type that the loss refuses. */
export const targetShape = {
  id: 'target-shape',
  tier: 1,
  severity: 'error',
  title: 'Outputs and targets do not fit together in shape or type.',
  explanation: `A squared loss of outputs [N, 1] and targets [N] broadcasts to [N, N]: every output is compared with every target, and the
best the model can do is the mean. PyTorch only warns. Binary cross-entropy refuses it.

Types must fit as well: class numbers are integers, and the squared and binary losses take floating-point targets. PyTorch stops
at the first step otherwise. Keras's categorical cross-entropy takes one column for each class, its sparse form class numbers.

**How it is found.** The shape of one row of both, followed through the layers, and the type of the targets; only where they are
fully known.

**No fault:** equal shapes after \`squeeze\` or \`unsqueeze\`; types changed by \`long()\` or \`float()\` on the way.`,
  detect,
} as const satisfies Rule;

const broadcasting = ['mse', 'l1', 'huber', 'smoothL1', 'bce', 'bceWithLogits'];

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null || model.loss === null) return undecided('a model and a loss that can be read');
  const all = lossNodes(model);
  if (all.length === 0) return irrelevant;
  const { statistics } = e;
  if (statistics === null) return undecided('the shape of the targets');
  for (const loss of e.experiment.unit.framework === 'pytorch' ? all : []) {
    const fault = typeFaultOf(model, statistics, loss);
    if (fault !== null) return reportType(e, model, loss, fault);
  }
  for (const loss of e.experiment.unit.framework === 'keras' ? all : []) {
    const outcome = labelsForOneHot(e, model, loss, statistics) ?? oneHotForLabels(e, model, loss, statistics);
    if (outcome !== null) return outcome;
  }
  const losses = all.filter(({ kind }) => broadcasting.includes(kind));
  for (const loss of losses) {
    const output = rowShape(model, statistics, loss.inputs[0] ?? -1);
    const target = rowShape(model, statistics, loss.inputs[1] ?? -1);
    if (output === null || target === null || output.includes(null) || target.includes(null)) continue;
    if (output.length === target.length && output.every((size, i) => size === target[i])) continue;
    return report(e, model, loss, output, target, statistics.rows);
  }
  return passed;
}

/** Keras's categorical cross-entropy over class numbers, which it takes for columns of probabilities: it stops at the first batch. */
function labelsForOneHot(e: Evidence, model: ModelGraph, loss: LossNode, statistics: DataStatistics): Outcome | null {
  const target = model.nodes[loss.inputs[1] ?? -1];
  if (loss.kind !== 'crossEntropy' || target?.kind !== 'cast' || target.arguments.to !== 'float') return null;
  const scores = rowShape(model, statistics, loss.inputs[0] ?? -1);
  const labels = rowShape(model, statistics, loss.inputs[1] ?? -1);
  const classes = scores === null ? outputClasses(model) : scores.length === 1 ? scores[0] : null;
  if (labels === null || labels.length > 1 || (labels[0] ?? 1) !== 1) return null;
  if (classes === null || classes === undefined || classes < 2) return null;
  const range = model.lossRange ?? loss.range;
  return settle(e, 'target-shape', sparse(e, range), (ending, fixes) =>
    finding(
      'target-shape',
      'error',
      range,
      `The outputs are [N, ${classes}], the targets class numbers, ${words(labels)}: categorical cross-entropy takes one column for each class, and Keras stops with "Shapes are incompatible".${ending}`,
      { related: madeHere(e, statistics.rows), fixes },
    ),
  );
}

/** The sparse form over columns, which it takes for as many class numbers a row. */
function oneHotForLabels(e: Evidence, model: ModelGraph, loss: LossNode, statistics: DataStatistics): Outcome | null {
  const target = model.nodes[loss.inputs[1] ?? -1];
  const labels = rowShape(model, statistics, loss.inputs[1] ?? -1);
  const classes = outputClasses(model);
  if (loss.kind !== 'crossEntropy' || (target?.kind === 'cast' && target.arguments.to === 'float')) return null;
  if (labels?.length !== 1 || classes === null || classes < 2 || labels[0] !== classes) return null;
  const range = model.lossRange ?? loss.range;
  const named = replaceWithin(e.texts, range, /^(['"])sparse_/, '$1');
  const edits =
    named.length > 0 ? named : replaceWithin(e.texts, range, /\bSparseCategoricalCrossentropy\b/, 'CategoricalCrossentropy');
  const remedy =
    edits.length === 0 ? null : { title: 'Use the categorical cross-entropy, which takes a column for each class', edits };
  return settle(e, 'target-shape', remedy, (ending, fixes) =>
    finding(
      'target-shape',
      'error',
      range,
      `The outputs are [N, ${classes}], and so are the targets: the sparse cross-entropy takes one class number for each row, and Keras stops at the first batch.${ending}`,
      { related: madeHere(e, statistics.rows), fixes },
    ),
  );
}

/** The cross-entropy that takes class numbers, in place of the loss that is named at `range`. */
function sparse(e: Evidence, range: LossNode['range']): Remedy | null {
  const named = replaceWithin(e.texts, range, /^(['"])(?!sparse)\w+\1$/, "'sparse_categorical_crossentropy'");
  const edits =
    named.length > 0 ? named : replaceWithin(e.texts, range, /\bCategoricalCrossentropy\b/, 'SparseCategoricalCrossentropy');
  return edits.length === 0 ? null : { title: 'Use the sparse categorical cross-entropy, which takes class numbers', edits };
}

/** Class numbers against a softmax's columns under another loss of Keras's. */
function classesUnder(e: Evidence, model: ModelGraph, loss: LossNode, output: RowShape, target: RowShape): Remedy | null {
  const made = maker(model, loss.inputs[0] ?? -1);
  const isSoftmax = made?.kind === 'softmax' && output.length === 1 && (output[0] ?? 0) > 1;
  const isColumn = target.length === 0 || (target.length === 1 && target[0] === 1);
  const isClasses = isColumn && e.statistics?.target.kind === 'classes' && e.statistics.target.minimum >= 0;
  return e.experiment.unit.framework === 'keras' && isSoftmax && isClasses ? sparse(e, model.lossRange ?? loss.range) : null;
}

/** Whether both shapes broadcast, the rows of a batch (null) being more than one and fitting only themselves. */
function broadcast(a: RowShape, b: RowShape): boolean {
  const shorter = Math.min(a.length, b.length);
  return Array.from({ length: shorter }, (_, i) => [a[a.length - 1 - i], b[b.length - 1 - i]]).every(
    ([left, right]) => left === right || left === 1 || right === 1,
  );
}

const words = (shape: RowShape): string => `[${['N', ...shape].join(', ')}]`;

function report(e: Evidence, model: ModelGraph, loss: LossNode, output: RowShape, target: RowShape, rows: number): Outcome {
  const range = model.lossCall ?? loss.call;
  const refused = loss.kind === 'bce' || loss.kind === 'bceWithLogits' || !broadcast([null, ...output], [null, ...target]);
  const effect = refused
    ? 'PyTorch refuses that.'
    : 'They are broadcast, so that each output is compared with every target of the batch, and the model learns their mean.';
  const related = madeHere(e, rows);
  return settle(
    e,
    'target-shape',
    remedy(e, range, shapeChange(output, target)) ?? classesUnder(e, model, loss, output, target),
    (ending, fixes) =>
      finding(
        'target-shape',
        'error',
        range,
        `The outputs are ${words(output)}, the targets ${words(target)}. ${effect}${ending}`,
        { related, fixes },
      ),
    // The loss itself changes with its shapes, so only training at all can be asked for.
    (after) => after.status === 'trained' && after.probeLoss.end < after.probeLoss.start,
  );
}

const madeHere = (e: Evidence, rows: number): readonly RelatedPlace[] =>
  e.experiment.train === null ? [] : [{ ...place(e.experiment.train.targetRange), message: `${rows} targets are made here` }];

/** Targets of a type that PyTorch refuses: the script stops at the first step. */
function reportType(e: Evidence, model: ModelGraph, loss: LossNode, { words: cause, change }: TypeFault): Outcome {
  const range = model.lossCall ?? loss.call;
  const [output, target] = loss.inputs.slice(0, 2).map((index) => (e.statistics ? rowShape(model, e.statistics, index) : null));
  const shape = broadcasting.includes(loss.kind) && output && target ? shapeChange(output, target) : null;
  return settle(e, 'target-shape', remedy(e, range, change + (shape ?? '')), (ending, fixes) =>
    finding('target-shape', 'error', range, `${cause}${ending}`, { related: madeHere(e, e.statistics?.rows ?? 0), fixes }),
  );
}

/** Writes `change` behind the targets in the loss's call. */
function remedy(e: Evidence, range: LossNode['range'], change: string | null): Remedy | null {
  const parsed = parseCall(textAt(e.texts, range) ?? '');
  const argument = parsed?.arguments[1];
  if (change === null || argument === undefined || argument.text.includes('=')) return null;
  const text = textAt(e.texts, range) as string;
  const simple = /^[\w.[\]()]+$/.test(argument.text) ? argument.text : `(${argument.text})`;
  const newText = text.slice(0, argument.start) + simple + change + text.slice(argument.end);
  return { title: `Compare with ${simple}${change}`, edits: [{ ...place(range), newText }] };
}

function shapeChange(output: RowShape, target: RowShape): string | null {
  if (output.length === 1 && output[0] === 1 && target.length === 0) return '.unsqueeze(1)';
  if (output.length === 0 && target.length === 1 && target[0] === 1) return '.squeeze(1)';
  return null;
}
