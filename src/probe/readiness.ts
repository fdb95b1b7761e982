import type { Experiment } from '../records/experiment';
import type { UnitStatus } from '../records/report';
import type { Reason } from '../records/source';

/**
 * Whether a unit can be trained here; if not, its status and the first reason. `standIn`: rows that could not be read are no
 * obstacle, since made-up ones stand in for them.
 */
export function readiness(
  experiment: Experiment,
  { standIn = false }: { readonly standIn?: boolean } = {},
): { readonly status: UnitStatus; readonly reason: Reason | null } {
  const { optimizer, model } = experiment;
  const first = experiment.unread.find(({ missing }) => !standIn || missing?.kind !== 'rows') ?? null;
  // Solvers without a learning rate have nothing to run, and a loss and rows to speak about.
  const solved = experiment.unit.framework === 'sklearn' && first !== null && experiment.train !== null;
  if ((!optimizer && !solved) || !model) {
    const what = !optimizer ? 'optimizer' : 'model';
    return { status: 'unread', reason: first ?? { text: `The ${what} could not be read.`, range: experiment.unit.range } };
  }
  if (first) return { status: 'static', reason: first };
  const missing = missingPart(experiment);
  if (missing) return { status: 'static', reason: { text: missing, range: experiment.unit.range } };
  return { status: 'measured', reason: null };
}

function missingPart(experiment: Experiment): string | null {
  if (experiment.model?.loss === null) return 'No loss was found that this optimizer goes down.';
  if (!experiment.train) return 'The rows that the model trains on could not be traced to a file or table.';
  if (!experiment.loop) return 'No training loop was found.';
  if (!experiment.batches) return 'It could not be read how rows become batches.';
  return null;
}
