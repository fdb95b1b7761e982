import type { Verification } from '../records/trial';

/** How the quantity that a trial is judged by is called, and whether it is a share. */
export interface TrialQuantity {
  readonly name: string;
  readonly isShare: boolean;
}

const quantities: Readonly<Record<string, TrialQuantity>> = {
  probeLoss: { name: 'loss', isShare: false },
  loss: { name: 'loss', isShare: false },
  epochLoss: { name: 'loss', isShare: false },
  validationLoss: { name: 'validation loss', isShare: false },
  accuracy: { name: 'accuracy', isShare: true },
  validationAccuracy: { name: 'validation accuracy', isShare: true },
  saturated: { name: 'saturated units', isShare: true },
  dead: { name: 'dead units', isShare: true },
};

/** What a trial's quantity is called; its own name where it has no other. */
export const trialQuantity = (quantity: string): TrialQuantity => quantities[quantity] ?? { name: quantity, isShare: false };

/**
 * What a trial changed, in words: from the number before to that after, or that there was none before, since the framework refuses the
 * script as written. `write` writes a number of the quantity, which `name` calls.
 */
export function trialChange({ before, after, refused }: Verification, name: string, write: (value: number) => string): string {
  if (refused === true) return `refused by the framework as written, before it trains; with the fix ${name} ${write(after)}`;
  return `${name} ${write(before)} → ${write(after)}`;
}
