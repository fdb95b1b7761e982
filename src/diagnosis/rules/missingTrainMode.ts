import { insertStatement } from '../edits';
import { finding } from '../finding';
import { hasModes } from '../graphWalk';
import { modelName } from '../modelName';
import { settle } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { irrelevant, passed, undecided } from '../rule';
import { trains } from '../trials';

/** The model trains in evaluation mode. */
export const missingTrainMode = {
  id: 'missing-train-mode',
  tier: 0,
  severity: 'warning',
  title: 'Training goes on in evaluation mode: dropout is off and batch norm is frozen.',
  explanation: `After \`model.eval()\` dropout does nothing and batch norm uses its running statistics without updating them, until
\`model.train()\` is called again. A script that evaluates each epoch and never goes back trains another model from the
second epoch on.

**How it is found.** Read from the loop, where the model has dropout or batch norm.

**No fault:** evaluation after training; frozen parameters (fine-tuning with frozen statistics is then meant).`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { loop, model } = e.experiment;
  if (loop === null || model === null) return undecided('a model and a loop that can be read');
  if (!hasModes(model)) return irrelevant;
  const frozen = model.parameters.some(({ trainable }) => !trainable);
  const { evaluation } = loop;
  const lost = evaluation !== null && evaluation.evalMode && !evaluation.trainModeRestored && evaluation.per !== 'end';
  if (!lost && !loop.trainsInEvalMode) return passed;
  const range = lost ? evaluation.range : loop.range;
  const name = modelName(e);
  const edits = name === null ? [] : insertStatement(e.texts, range, lost ? 'after' : 'before', `${name}.train()`);
  const words = lost
    ? 'After this evaluation the model stays in evaluation mode: from the next pass on it trains without dropout and with frozen batch norm.'
    : 'The model is in evaluation mode while it trains: dropout is off and batch norm does not learn its statistics.';
  const remedy = edits.length === 0 ? null : { title: `Insert ${name}.train()`, edits };
  const severity = frozen ? 'information' : 'warning';
  // The probe looks without dropout: a model that trains as it is meant to need not get lower.
  return settle(
    e,
    'missing-train-mode',
    remedy,
    (ending, fixes) => finding('missing-train-mode', severity, range, `${words}${ending}`, { fixes }),
    trains,
  );
}
