import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hasTorch, runReference, sameNumbers } from './python';

test.skipIf(!hasTorch).each(['layers', 'optimizers'])('%s.json is what its script makes', (name) => {
  const committed = JSON.parse(readFileSync(new URL(`../reference/${name}.json`, import.meta.url), 'utf8')) as object;
  const made = runReference(`${name}.py`) as object;
  expect(sameNumbers({ ...made, torch: '' }, { ...committed, torch: '' }, 1e-7)).toBe(true);
});
