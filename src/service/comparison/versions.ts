import type { Optimizer } from '../../records/optimizer';

/** What the optimizer does otherwise in the PyTorch of this version than in PyTorch 2, whose steps are taken here. */
export function versionNotes(torch: string, optimizer: Optimizer | null): string[] {
  const major = Number(/^\d+/.exec(torch)?.[0]);
  if (optimizer === null || !(major < 2)) return [];
  const parts = 'here it is that of PyTorch 2, so that the two runs part.';
  const { kind, settings, maximize } = optimizer;
  if (kind === 'nadam')
    return [`NAdam of PyTorch ${torch} multiplies the product of its momenta by the momentum once too often: ${parts}`];
  if (kind === 'sgd' && maximize && settings.weightDecay.value !== 0)
    return [`SGD of PyTorch ${torch} turns its weight decay round with \`maximize\`: ${parts}`];
  return [];
}
