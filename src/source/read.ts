import type { Experiment } from '../records/experiment';
import type { AcceptedValues, GivenValues } from '../records/given';
import type { Reason, SourceRange } from '../records/source';
import { experimentsOf } from './assemble/experiment';
import { runScript } from './interpret/runScript';
import type { ProjectFiles } from './interpret/machine';
import { markedCellsText } from './notebook/markedCells';
import { loneBracket } from './syntax/brackets';
import type { PythonParser } from './syntax/parser';

/** What the text of one script says. */
export interface Reading {
  /** One for each training unit. */
  readonly experiments: readonly Experiment[];
  /** Places that are not Python. */
  readonly syntaxErrors: readonly Reason[];
  /** What its command line takes. */
  readonly commandLine: AcceptedValues;
  /** Steps of the symbolic run, a measure of work. */
  readonly steps: number;
  /** True when the run reached its bound and what follows was not read. */
  readonly bounded: boolean;
}

/**
 * Reads a training script without running it. Never throws and always ends, on any text.
 * `path` names the file in all ranges; imports are looked up beside it and in `project.folders`. `given` takes the place
 * of what the command line would say.
 */
export function readScript(
  parser: PythonParser,
  path: string,
  wholeText: string,
  project: ProjectFiles,
  given: GivenValues = {},
): Reading {
  const text = markedCellsText(wholeText);
  const script = parser.parse(path, text);
  const { machine, bounded } = runScript(parser, project, script, given);
  return {
    experiments: experimentsOf(machine),
    syntaxErrors: syntaxErrorsOf(path, text, script.errors),
    commandLine: Object.fromEntries(machine.commandLine),
    steps: machine.steps,
    bounded,
  };
}

/** What is not Python, at its place: the parser marks all that a bracket leaves open, from the start of the file on. */
function syntaxErrorsOf(path: string, text: string, errors: readonly SourceRange[]): Reason[] {
  const bracket = errors.length > 0 ? loneBracket(text) : null;
  if (!bracket) return errors.map((range) => ({ text: 'This is not complete Python', range }));
  const before = text.slice(0, bracket.offset).split('\n');
  const [line, column] = [before.length, (before[before.length - 1] ?? '').length + 1];
  return [{ text: bracket.text, range: { path, line, column, endLine: line, endColumn: column + 1 } }];
}

export { loadPython } from './syntax/parser';
export type { PythonParser } from './syntax/parser';
export type { ProjectFiles } from './interpret/machine';
