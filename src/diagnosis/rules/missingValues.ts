import type { Fix } from '../../records/finding';
import { finding } from '../finding';
import { editAt, offsetAt, parseCall, textAt } from '../text';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided } from '../rule';
import { grouped, some } from '../words';

/** Missing values that reach the model as NaN. */
export const missingValues = {
  id: 'missing-values',
  tier: 1,
  severity: 'error',
  title: 'Missing values in the data reach the model as NaN.',
  explanation: `One NaN in a batch makes the loss NaN, then every gradient and every parameter, and training is over.

**How it is found.** Missing entries are counted in the inputs and targets as the model receives them, after all steps
that fill or drop them.

Source: IEEE 754 arithmetic.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { statistics } = e;
  const { train } = e.experiment;
  if (statistics === null || train === null) return undecided('the training rows');
  const columns = statistics.columns.filter(({ missing }) => missing > 0);
  const inTarget = statistics.target.missing;
  if (columns.length === 0 && inTarget === 0) return passed;
  const words =
    columns.length > 0
      ? `${grouped(columns.reduce((sum, { missing }) => sum + missing, 0))} missing values reach the model as NaN, in ${some(columns.map(({ name }) => name))}`
      : `${grouped(inTarget)} targets are missing and reach the loss as NaN`;
  const range = columns.length > 0 ? train.inputRange : train.targetRange;
  return found(
    finding(
      'missing-values',
      'error',
      range,
      `${words}: the first batch with one makes the loss and all parameters NaN. Seen in the data; the fix was not tried.`,
      { fixes: fixes(e) },
    ),
  );
}

/** `.dropna()` after the call that reads the table. */
function fixes(e: Evidence): readonly Fix[] {
  const source = e.experiment.data.steps.find(({ kind }) => kind === 'readCsv');
  if (source === undefined) return [];
  const text = e.texts[source.range.path];
  if (text === undefined || parseCall(textAt(e.texts, source.range) ?? '') === null) return [];
  const end = offsetAt(text, source.range.endLine, source.range.endColumn);
  return [{ title: 'Drop rows with missing values', edits: [editAt(source.range.path, text, end, end, '.dropna()')] }];
}
