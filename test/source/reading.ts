import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Experiment } from '../../src/records/experiment';
import type { SourceRange } from '../../src/records/source';
import { loadPython, readScript, type PythonParser, type Reading } from '../../src/source/read';

const resolve = createRequire(import.meta.url).resolve;

/** The parser as the tests load it: from the installed packages. */
export const parser: PythonParser = await loadPython({
  runtime: readFileSync(resolve('web-tree-sitter/web-tree-sitter.wasm')),
  python: readFileSync(join(resolve('tree-sitter-python/package.json'), '..', 'tree-sitter-python.wasm')),
});

/** Reads a script; other project files are given by their paths. */
export function read(text: string, files: Readonly<Record<string, string>> = {}): Reading {
  return readScript(parser, '/project/train.py', text, { read: (path) => files[path] ?? null, folders: ['/project'] });
}

/** The only training unit of a script. */
export function readUnit(text: string, files: Readonly<Record<string, string>> = {}): Experiment {
  const { experiments } = read(text, files);
  if (experiments.length !== 1 || !experiments[0]) throw new Error(`${experiments.length} units in place of one`);
  return experiments[0];
}

/** The text at a range, for assertions on places. */
export function textAt(text: string, range: SourceRange | null | undefined): string {
  if (!range) return '';
  const lines = text.split('\n').slice(range.line - 1, range.endLine);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? '').slice(0, range.endColumn - 1);
  lines[0] = (lines[0] ?? '').slice(range.column - 1);
  return lines.join('\n');
}

/** The model in one line: kinds in order, the loss after a bar. */
export function shapeOfModel(experiment: Experiment): string {
  const { model } = experiment;
  if (!model) return 'none';
  const kinds = model.nodes.map((node) => `${node.kind}${node.inputs.length > 0 ? `(${node.inputs.join()})` : ''}`);
  return [...kinds.slice(0, model.lossStart), '|', ...kinds.slice(model.lossStart)].join(' ');
}

/** The data program in one line. */
export const shapeOfData = (experiment: Experiment): string =>
  experiment.data.steps.map((step) => `${step.kind}(${step.inputs.join()})`).join(' ');
