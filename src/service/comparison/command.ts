import type { CancelToken } from '../../base/cancel';
import { fail, ok, type Result } from '../../base/result';
import type { Surroundings } from '../../probe/session';
import type { Comparison } from '../../records/comparison';
import type { CompareCommand } from '../arguments';
import { lineWords, placesOf } from '../formats/places';
import { readUnit } from '../oneUnit';
import type { Script } from '../scripts';
import { compareUnit, pythonFolder } from './compare';
import { findPython, pythonCandidates } from './python';

/** A unit's name with its comparison. */
export interface ComparedUnit {
  readonly unit: string;
  readonly comparison: Comparison;
}

/** Compares one unit of a script with PyTorch, as the command line asks; a sentence when that does not work. */
export async function compareScript(
  command: CompareCommand,
  script: Script,
  folder: string,
  surroundings: Surroundings,
  tell: (text: string) => void,
  cancel: CancelToken,
): Promise<Result<ComparedUnit, string>> {
  const unit = readUnit(script, command.unit, folder, surroundings);
  if (!unit.ok) return unit;
  tell('looking for a Python with PyTorch');
  const python = await findPython(pythonCandidates(command.python, process.env), pythonFolder(surroundings));
  if (!python.ok) return fail(`no Python with PyTorch was found: ${python.error}. Name one with --python.`);
  const parameters = { ...unit.value, interpreter: python.value.path, steps: command.steps };
  const result = await compareUnit(parameters, surroundings, ({ text }) => tell(text), cancel);
  if (result.status === 'cancelled') return fail('cancelled');
  const { name, path } = unit.value.experiment.unit;
  if (result.status === 'compared') return ok({ unit: name, comparison: result.comparison });
  const { text, line } = result.failure;
  if (line === null) return fail(`${script.given}: ${text}`);
  const placing = placesOf([{ ...script, units: [], syntaxErrors: [], unused: [] }], folder);
  const place = placing({ path, line, column: 1, endLine: line, endColumn: 1 });
  return fail(`${script.given} ${lineWords(place)}: ${text}`);
}
