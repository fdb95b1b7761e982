import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fc } from '../support/property';
import { describe, expect, it } from 'vitest';
import { randomScript, randomSettings } from './randomPython';
import { read } from './reading';

/** Steps that no script may go beyond, with what one more expression may cost. */
const limit = 400_000;
const folder = join(import.meta.dirname, 'scripts');
const scripts = readdirSync(folder)
  .filter((name) => name.endsWith('.py'))
  .map((name) => readFileSync(join(folder, name), 'utf8'));

/** Reads it, and checks that what comes out is a whole record whose places lie in the text. */
function readsQuietly(text: string, files: Readonly<Record<string, string>> = {}): void {
  const { experiments, steps } = read(text, files);
  expect(steps).toBeLessThan(limit);
  const lines = text.split('\n').length;
  for (const { unit, unread, assumptions } of experiments) {
    expect(unit.range.endLine).toBeLessThanOrEqual(lines);
    for (const { range } of [...unread, ...assumptions])
      if (range.path === unit.path) expect(range.endLine).toBeLessThanOrEqual(lines);
  }
}

describe('random Python', () => {
  it('is read to its end', () => {
    fc.assert(
      fc.property(randomScript, (text) => readsQuietly(text)),
      { numRuns: 120, seed: 11 },
    );
  });

  it('is read with half a script before it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...scripts),
        randomScript,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (script, random, share) => {
          const lines = script.split('\n');
          readsQuietly(`${lines.slice(0, Math.floor(lines.length * share)).join('\n')}\n${random}`);
        },
      ),
      { numRuns: 50, seed: 12 },
    );
  });

  it("is read with names and numbers put in each other's place", () => {
    const swap = fc.tuple(fc.nat(), fc.nat());
    fc.assert(
      fc.property(fc.constantFrom(...scripts), fc.array(swap, { minLength: 1, maxLength: 12 }), (script, swaps) => {
        const tokens = script.split(/\b/);
        for (const [a, b] of swaps) {
          const [i, j] = [a % tokens.length, b % tokens.length];
          [tokens[i], tokens[j]] = [tokens[j] ?? '', tokens[i] ?? ''];
        }
        readsQuietly(tokens.join(''));
      }),
      { numRuns: 80, seed: 13 },
    );
  });
});

describe('random settings files', () => {
  it.each([
    ['config.yaml', 'import yaml\ncfg = yaml.safe_load(open("config.yaml"))\n'],
    ['config.json', 'import json\ncfg = json.load(open("config.json"))\n'],
    ['config.toml', 'import tomllib\ncfg = tomllib.load(open("config.toml", "rb"))\n'],
    ['config.ini', 'import configparser\ncfg = configparser.ConfigParser()\ncfg.read("config.ini")\n'],
  ])('%s', (name, script) => {
    const training = `import torch
model = torch.nn.Linear(4, 1)
opt = torch.optim.SGD(model.parameters(), lr=cfg['lr'])
for epoch in range(cfg['train']):
    model(torch.randn(3, 4)).mean().backward()
    opt.step()
`;
    fc.assert(
      fc.property(randomSettings, (text) => readsQuietly(script + training, { [`/project/${name}`]: text })),
      { numRuns: 60, seed: 14 },
    );
  });
});
