import { insertStatement } from '../edits';
import { finding } from '../finding';
import { hasModes } from '../graphWalk';
import { modelName } from '../modelName';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';

/** The model is evaluated in training mode. */
export const missingEvalMode = {
  id: 'missing-eval-mode',
  tier: 0,
  severity: 'warning',
  title: 'The model is evaluated in training mode, with dropout and batch statistics on.',
  explanation: `In training mode dropout drops units and batch norm normalises with the statistics of the batch at hand (and updates its
running ones from the validation rows). An evaluation in that mode measures another, noisier model.

**How it is found.** Read from the evaluation in the script, where the model has dropout or batch norm.

**No fault:** models without such layers; evaluation after \`model.eval()\`.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { loop, model } = e.experiment;
  if (loop === null || model === null) return undecided('a model and a loop that can be read');
  if (loop.evaluation === null || !hasModes(model)) return irrelevant;
  const { evaluation } = loop;
  if (evaluation.evalMode) return passed;
  const name = modelName(e);
  const before = name === null ? [] : insertStatement(e.texts, evaluation.range, 'before', `${name}.eval()`);
  const after =
    name === null || evaluation.per === 'end' ? [] : insertStatement(e.texts, evaluation.range, 'after', `${name}.train()`);
  return found(
    finding(
      'missing-eval-mode',
      'warning',
      evaluation.range,
      'The model is evaluated here in training mode: dropout stays on, and batch norm uses (and updates) the statistics of these rows. Read from the code.',
      {
        fixes:
          before.length === 0 ? [] : [{ title: `Insert ${name}.eval() before the evaluation`, edits: [...before, ...after] }],
      },
    ),
  );
}
