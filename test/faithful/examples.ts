import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Experiment } from '../../src/records/experiment';
import { projectOnDisk } from '../../src/service/scripts';
import { readScript } from '../../src/source/read';
import { parser } from '../source/reading';

/** The project's own folder. */
export const project = fileURLToPath(new URL('../..', import.meta.url));

/** A training unit of an example, as it is read. */
export interface ExampleUnit {
  /** Folder of the example, with the unit's name where the script has several. */
  readonly name: string;
  readonly path: string;
  readonly experiment: Experiment;
}

/** All training units of the scripts under `examples/`, and of those in `scripts/` that widen what they use. */
export function exampleUnits(): ExampleUnit[] {
  const scripts = join(project, 'test', 'faithful', 'scripts');
  return [
    ...['healthy', 'faults'].flatMap((kind) => {
      const folder = join(project, 'examples', kind);
      return namesIn(folder).flatMap((name) => unitsOf(name, join(folder, name, 'train.py')));
    }),
    ...namesIn(scripts).flatMap((file) =>
      // A project of several files stands in a folder of its own.
      unitsOf(file.replace(/\.py$/, ''), file.endsWith('.py') ? join(scripts, file) : join(scripts, file, 'train.py')),
    ),
  ];
}

const namesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('_'))
    .sort();

function unitsOf(name: string, path: string): ExampleUnit[] {
  const text = readFileSync(path, 'utf8');
  const { experiments } = readScript(parser, path, text, projectOnDisk([dirname(path)], {}));
  // Only PyTorch's own loops can be replayed in it.
  if (experiments.some(({ unit }) => unit.framework !== 'pytorch') || /import (pytorch_lightning|lightning)/.test(text))
    return [];
  // A closure is called several times a step, and the replay counts calls: LBFGS is held against PyTorch by itself.
  // Without targets, the replay takes the second tensor of a batch for one.
  const replayed = experiments.filter(
    ({ optimizer, model }) =>
      optimizer?.kind !== 'lbfgs' &&
      ((model?.nodes.filter(({ kind }) => kind === 'input').length ?? 0) < 2 ||
        model?.nodes.some(({ kind }) => kind === 'target')),
  );
  return replayed.map((experiment) => {
    return { name: experiments.length > 1 ? `${name}.${experiment.unit.name}` : name, path, experiment };
  });
}
