import type { Optimizer } from '../../records/optimizer';

/** What the optimizer does otherwise in the PyTorch of this version than in PyTorch 2, whose steps are taken here. */
export function versionNotes(torch: string, optimizer: Optimizer | null): string[] {
  const major = Number(/^\d+/.exec(torch)?.[0]);
  if (optimizer?.kind !== 'nadam' || !(major < 2)) return [];
  return [
    `NAdam of PyTorch ${torch} multiplies the product of its momenta by the momentum once too often: here it is that of PyTorch 2, so that the two runs part.`,
  ];
}
