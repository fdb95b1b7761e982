import type { ModelGraph, ModelNode } from '../../records/model/graph';
import { insertArgument, setValue } from '../edits';
import { finding, place } from '../finding';
import { maker } from '../graphWalk';
import { rowShape } from '../rowShapes';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';

/** Batch norm over one row, or over so few that its statistics are noise. */
export const batchNormTinyBatch = {
  id: 'batch-norm-tiny-batch',
  tier: 0,
  severity: 'error',
  title: 'Batch norm gets batches of one row, or of too few.',
  explanation: `Batch norm divides by the standard deviation over the batch. One row has none: PyTorch stops with *Expected more than 1
value per channel when training*. That also happens to the last, partial batch of an epoch when one row is left over.
With two or three rows the statistics are mostly noise: that is information.

**How it is found.** The batch size, and the number of training rows modulo the batch size where the data are known.

**No fault:** \`drop_last=True\`; images, where each row brings many pixels to the statistics.

Source: Ioffe and Szegedy 2015; Wu and He 2018, *Group normalization*, for small batches.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model, batches, loop } = e.experiment;
  if (model === null) return undecided('a model that can be read');
  const norm = model.nodes.find((node) => node.kind === 'batchNorm' && node.arguments.dimensions === 1);
  if (norm?.kind !== 'batchNorm' || loop?.trainsInEvalMode === true) return irrelevant;
  // Keras takes one row as it comes: its deviation is 0.
  if (norm.arguments.biasedVariance) return irrelevant;
  if (batches === null) return undecided('how rows become batches');
  // Over sequences, the places of one row are what is normalised.
  if (hasPlaces(e, model, norm)) return passed;
  if (batches.batchSize === null) return passed;
  const size = batches.batchSize.value;
  if (size === 1)
    return found(
      finding(
        'batch-norm-tiny-batch',
        'error',
        norm.range,
        'Batch norm cannot normalise a batch of one row: there is no deviation to divide by. Read from the code.',
        { related: related(batches.batchSize.place, 'the batch size is 1') },
      ),
    );
  const rows = e.statistics?.rows;
  if (rows !== undefined && rows % size === 1 && !batches.dropLast && batches.sampling === 'epochs') {
    const edits = insertArgument(e.texts, batches.range, 'drop_last=True');
    return found(
      finding(
        'batch-norm-tiny-batch',
        'error',
        norm.range,
        `${rows} rows in batches of ${size} leave a last batch of one row, on which batch norm stops with an error. Seen in the data; not tried.`,
        {
          related: related(batches.range, 'the last batch has one row'),
          fixes: edits.length === 0 ? [] : [{ title: 'Drop the last, partial batch', edits }],
        },
      ),
    );
  }
  if (size > 3) return passed;
  const edits = setValue(e.texts, batches.batchSize, batches.range, 'batch_size', 32);
  return found(
    finding(
      'batch-norm-tiny-batch',
      'information',
      norm.range,
      `Batch norm over ${size} rows: its mean and deviation are mostly noise, and differ from the running ones of evaluation. Read from the code.`,
      {
        related: related(batches.batchSize.place, `the batch size is ${size}`),
        fixes: edits.length === 0 ? [] : [{ title: 'Set the batch size to 32', edits }],
      },
    ),
  );
}

/** Whether a row has several places for each channel where `norm` takes it, as far as its shape is known. */
function hasPlaces(e: Evidence, model: ModelGraph, norm: ModelNode): boolean {
  const shape = e.statistics === null ? null : rowShape(model, e.statistics, norm.inputs[0] ?? -1);
  if (shape !== null) return shape.length > 1 && shape[1] !== 1;
  const source = maker(model, norm.inputs[0] ?? -1);
  return source?.kind === 'conv1d' || source?.kind === 'convTranspose1d';
}

const related = (range: Parameters<typeof place>[0], message: string) => [{ ...place(range), message }];
