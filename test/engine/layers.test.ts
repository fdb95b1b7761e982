import { readFileSync } from 'node:fs';
import { describe, test } from 'vitest';
import { evaluate, expectClose, type Case } from './layerCase';
import { libraries, runtimeOn } from './onnx/runtimes';

const casesOf = (name: string): readonly Case[] => {
  const text = readFileSync(new URL(`../reference/${name}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly cases: readonly Case[] }).cases;
};
const cases = [...casesOf('layers'), ...casesOf('tensors'), ...casesOf('volumes')];

describe.each(libraries)('every layer has the values and derivatives it has in PyTorch, on %s', (library) => {
  const runtime = runtimeOn(library, { threads: 1 });
  test.each(cases.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const { output, gradients, hessianVector } = await evaluate(each, runtime);
    expectClose(output, each.output.values);
    for (const [name, expected] of Object.entries(each.gradients)) expectClose(gradients[name] ?? [], expected.values);
    for (const [name, expected] of Object.entries(each.hessianVector ?? {}))
      expectClose(hessianVector[name] ?? [], expected.values);
  });
});
