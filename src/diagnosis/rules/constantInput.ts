import type { ColumnStatistics } from '../../records/dataset';
import { finding } from '../finding';
import { isWeighing, takers } from '../graphWalk';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided } from '../rule';
import { some } from '../words';

/** Columns that are the same in every row. */
export const constantInput = {
  id: 'constant-input',
  tier: 1,
  severity: 'information',
  title: 'An input column has the same value in every training row.',
  explanation: `A constant column carries nothing that the bias does not; standardised by hand it becomes 0/0. If all columns are constant,
the model can learn nothing but the mean.

**How it is found.** The standard deviation over the training rows is exactly 0. All columns: an error.

**No fault:** border pixels of images, which are not counted; a single constant column in place of a bias; places of a
sequence whose words are looked up, where most rows end before the last.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { statistics } = e;
  const range = e.experiment.train?.inputRange;
  if (statistics === null || range === undefined) return undecided('the training rows');
  const constant = statistics.columns.filter(({ deviation, missing }) => deviation === 0 && missing === 0);
  if (constant.length === 0 || statistics.rows < 2) return passed;
  if (constant.length === statistics.columns.length)
    return found(
      finding(
        'constant-input',
        'error',
        range,
        'Every input column has the same value in all training rows: nothing can be learned from them. Seen in the data.',
      ),
    );
  if (statistics.isImage) return passed;
  if (servesAsBias(e, constant) || areLookedUp(e)) return passed;
  const names = some(constant.map(({ name }) => name));
  return found(
    finding(
      'constant-input',
      'information',
      range,
      `Constant over all ${statistics.rows} training rows: ${names}. Such a column tells the model nothing. Seen in the data.`,
    ),
  );
}

/** One constant column other than 0 before weights without a bias: it is what their bias would be. */
function servesAsBias({ experiment }: Evidence, constant: readonly ColumnStatistics[]): boolean {
  const { model } = experiment;
  const [column] = constant;
  if (model === null || constant.length !== 1 || column === undefined || column.mean === 0) return false;
  const first = model.nodes.flatMap((node, at) => (node.kind === 'input' ? takers(model, at) : []));
  return first.some((node) => node.kind === 'matmul' || (isWeighing(node) && node.parameters.bias === undefined));
}

/** Whether all inputs are numbers of words or categories that embeddings look up: a place that is always padding is one of a longer text. */
function areLookedUp({ experiment: { model } }: Evidence): boolean {
  const takes = model?.nodes.flatMap((node, at) => (node.kind === 'input' ? takers(model, at) : [])) ?? [];
  return takes.length > 0 && takes.every(({ kind }) => kind === 'embedding');
}
