import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readScript } from '../../src/source/read';
import { parser } from './reading';

const root = join(import.meta.dirname, '../../examples');
const scripts = ['healthy', 'faults'].flatMap((folder) =>
  readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(root, folder, name, 'train.py');
    return existsSync(path) ? [path] : [];
  }),
);

describe('the examples', () => {
  it.each(scripts)('%s is read whole', (path) => {
    const text = readFileSync(path, 'utf8');
    const reading = readScript(parser, path, text, {
      read: (p) => (existsSync(p) ? readFileSync(p, 'utf8') : null),
      folders: [],
    });
    expect(reading.syntaxErrors).toEqual([]);
    expect(reading.experiments.length).toBeGreaterThan(0);
    for (const experiment of reading.experiments) {
      // A solver in closed form has no steps to follow: that is all there is to say of it.
      const unread = experiment.unread.map(({ text }) => text);
      expect(unread).toEqual(path.includes('sklearn-logistic') ? [expect.stringMatching(/solved by lbfgs/)] : []);
      expect(experiment.train).not.toBeNull();
      expect(experiment.model?.loss).not.toBeNull();
    }
  });
});
