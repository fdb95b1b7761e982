import type { ModelGraph } from '../../records/model/graph';
import { finding, place } from '../finding';
import type { LossNode } from '../graphWalk';
import { lossNodes } from '../graphWalk';
import type { Remedy } from '../removal';
import { settle } from '../removal';
import type { RowShape } from '../rowShapes';
import { rowShape } from '../rowShapes';
import type { Evidence, Outcome, Rule } from '../rule';
import { irrelevant, passed, undecided } from '../rule';
import { parseCall, textAt } from '../text';

/** Outputs and targets that differ in shape and are broadcast against each other. */
export const targetShape = {
  id: 'target-shape',
  tier: 1,
  severity: 'error',
  title: 'Outputs and targets have different shapes, so each output is compared with every target.',
  explanation: `A squared loss of outputs [N, 1] and targets [N] broadcasts to [N, N]: every output is compared with every target, and the
best the model can do is the mean. PyTorch only warns. Binary cross-entropy refuses it.

**How it is found.** The shape of one row of both, followed through the layers; only where both are fully known.

**No fault:** equal shapes after \`squeeze\` or \`unsqueeze\`.`,
  detect,
} as const satisfies Rule;

const broadcasting = ['mse', 'l1', 'huber', 'smoothL1', 'bce', 'bceWithLogits'];

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null || model.loss === null) return undecided('a model and a loss that can be read');
  const losses = lossNodes(model).filter(({ kind }) => broadcasting.includes(kind));
  if (losses.length === 0) return irrelevant;
  const { statistics } = e;
  if (statistics === null) return undecided('the shape of the targets');
  for (const loss of losses) {
    const output = rowShape(model, statistics, loss.inputs[0] ?? -1);
    const target = rowShape(model, statistics, loss.inputs[1] ?? -1);
    if (output === null || target === null || output.includes(null) || target.includes(null)) continue;
    if (output.length === target.length && output.every((size, i) => size === target[i])) continue;
    return report(e, model, loss, output, target, statistics.rows);
  }
  return passed;
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
  const related =
    e.experiment.train === null ? [] : [{ ...place(e.experiment.train.targetRange), message: `${rows} targets are made here` }];
  return settle(
    e,
    'target-shape',
    remedy(e, range, output, target),
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

/** Gives the target the output's last axis of 1, or takes it away, in the loss's call. */
function remedy(e: Evidence, range: LossNode['range'], output: RowShape, target: RowShape): Remedy | null {
  const change = shapeChange(output, target);
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
