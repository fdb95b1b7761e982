import type { ModelGraph, ModelNodeOf } from '../../records/model/graph';
import { replaceWithin } from '../edits';
import { finding } from '../finding';
import { lossNodes, maker } from '../graphWalk';
import type { Remedy } from '../removal';
import { settle } from '../removal';
import { rowShape } from '../rowShapes';
import type { Evidence, Outcome, Rule } from '../rule';
import { irrelevant, passed, undecided } from '../rule';

type Softmax = ModelNodeOf<'softmax'> | ModelNodeOf<'logSoftmax'>;

/** The output's softmax shares out over the rows of the batch in place of the classes. */
export const softmaxAxis = {
  id: 'softmax-axis',
  tier: 1,
  severity: 'warning',
  title: 'The softmax of the output goes over the rows of the batch, not over the classes.',
  explanation: `A softmax makes the numbers along one axis sum to 1. Outputs are [rows, classes], so the classes are axis 1. Over axis 0 the rows of a batch
compete with one another: what the model answers for a row depends on which others come with it, and one row's classes no longer sum to 1.

**How it is found.** The axis of the softmax or log-softmax that the loss takes, where its rows are known to be vectors of scores.

**No fault:** axis 1 or -1; axis 0 of a single row.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model, batches } = e.experiment;
  if (model === null || model.loss === null) return undecided('a model and a loss that can be read');
  const outputs = lossNodes(model).flatMap((loss) => softmaxOf(model, loss.inputs[0] ?? -1));
  if (outputs.length === 0) return irrelevant;
  if (e.statistics === null) return undecided('the shape of the outputs');
  const rows = batches?.batchSize?.value ?? e.statistics.rows;
  for (const node of outputs) {
    const scores = rowShape(model, e.statistics, model.nodes.indexOf(node));
    const axis = node.arguments.axis;
    if (scores?.length !== 1 || (axis !== 0 && axis !== -2) || rows < 2) continue;
    return settle(e, 'softmax-axis', remedy(e, node), (words, fixes) =>
      finding(
        'softmax-axis',
        'warning',
        node.range,
        `This ${node.kind === 'softmax' ? 'softmax' : 'log-softmax'} goes over axis ${axis}, the rows of the batch: the classes of one row do not sum to 1, and each answer depends on the other rows of its batch.${words}`,
        { fixes },
      ),
    );
  }
  return passed;
}

/** The softmax that made the values of node `index`, perhaps through a logarithm. */
function softmaxOf(model: ModelGraph, index: number): readonly Softmax[] {
  const made = maker(model, index);
  const node = made?.kind === 'log' ? maker(model, made.inputs[0] ?? -1) : made;
  return node?.kind === 'softmax' || node?.kind === 'logSoftmax' ? [node] : [];
}

function remedy(e: Evidence, { range }: Softmax): Remedy | null {
  const named = replaceWithin(e.texts, range, /(?<=\b(?:dim|axis)\s*=\s*)(?:0|-2)\b/, '1');
  const edits = named.length > 0 ? named : replaceWithin(e.texts, range, /(?<=[(,]\s*)(?:0|-2)(?=\s*\)$)/, '1');
  return edits.length === 0 ? null : { title: 'Take the softmax over axis 1', edits };
}
