import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hasTorch, runReference, sameNumbers } from './python';

test
  .skipIf(!hasTorch)
  .each(['layers', 'tensors', 'losses', 'optimizers', 'recurrent', 'modules', 'volumes', 'drops', 'curvature'])(
  '%s.json is what its script makes',
  (name) => {
    const committed = JSON.parse(readFileSync(new URL(`../reference/${name}.json`, import.meta.url), 'utf8')) as object;
    const made = runReference(`${name}.py`) as object;
    expect(sameNumbers(comparable(made), comparable(committed), 1e-7)).toBe(true);
  },
);

/** Without what differs by version and machine: PyTorch's name and its own rounding. */
function comparable(reference: object): object {
  const isOwn = (key: string): boolean => key === 'torch' || key === 'gap';
  return JSON.parse(JSON.stringify(reference, (key, value: unknown) => (isOwn(key) ? undefined : value))) as object;
}
