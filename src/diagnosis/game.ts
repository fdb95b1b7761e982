import type { Experiment } from '../records/experiment';
import type { RuleId } from '../records/finding';
import type { SourceRange } from '../records/source';

/**
 * Rules that take a falling loss for success and one that stands still, or turns, for a fault. Where optimizers pull on the same outputs with
 * losses of their own (generator and critic), neither loss says how far training has come: at the balance that is wanted both stand still.
 */
export const judgedByFallingLoss: ReadonlySet<RuleId> = new Set([
  'lr-too-small',
  'lr-oscillates',
  'lr-not-lowered',
  'momentum-too-low',
  'plateau',
  'missing-activation',
  'softmax-between-layers',
  'underfitting',
  'overfitting',
  'stopped-too-early',
  'exploding-gradient',
  'uncentred-activations',
  'vanishing-gradient',
  'ravine',
  'saddle-point',
  'local-minimum',
  'at-maximum',
  'batch-too-large',
  'batch-too-small',
]);

/** Whether an optimizer that takes turns with the unit's has a loss of its own. */
export function isGame({ model, partners = [] }: Experiment): boolean {
  return partners.some((partner) => !isSamePlace(partner.model.lossCall, model?.lossCall ?? null));
}

/** Indices of the unit's parameters that its partners train. */
export function trainedByPartners({ partners = [] }: Experiment): ReadonlySet<number> {
  return new Set(
    partners.flatMap(({ optimizer, parameters }) => {
      const own = optimizer.groups.flatMap((group) => group.parameters);
      return own.flatMap((index) => parameters[index] ?? []);
    }),
  );
}

const isSamePlace = (a: SourceRange | null, b: SourceRange | null): boolean =>
  a !== null && b !== null && a.path === b.path && a.line === b.line && a.column === b.column;
