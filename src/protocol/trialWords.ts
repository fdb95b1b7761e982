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
