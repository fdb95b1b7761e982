import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../base/result';
import { comparedSteps } from '../protocol/comparison';

/** Forms in which `check` can report. */
export const formats = ['text', 'json', 'sarif', 'github'] as const;
export type Format = (typeof formats)[number];

export interface CheckCommand {
  readonly kind: 'check';
  readonly files: readonly string[];
  readonly format: Format;
  readonly staticOnly: boolean;
  readonly budget: number | null;
  readonly seed: number | null;
  readonly unit: string | null;
  readonly data: string | null;
  readonly report: string | null;
}

export interface TraceCommand {
  readonly kind: 'trace';
  readonly file: string;
  readonly steps: number;
  readonly out: string;
  readonly unit: string | null;
  readonly seed: number | null;
}

export interface CompareCommand {
  readonly kind: 'compare';
  readonly file: string;
  readonly unit: string | null;
  /** The interpreter, and no other; null for the first that has PyTorch. */
  readonly python: string | null;
  readonly steps: number;
  readonly format: 'text' | 'json';
}

export type Command = CheckCommand | TraceCommand | CompareCommand | { readonly kind: 'help' } | { readonly kind: 'version' };

export const usage = `Usage:
  descent-lens check FILE... [options]   diagnose training scripts
      --format text|json|sarif|github    form of the report (text)
      --static                           only read the scripts; run nothing
      --budget SECONDS                   cut the runs of each training unit after this time
      --seed N                           seed of the run (the script's own, else 0)
      --unit NAME                        only this training unit
      --data PATH                        data file or folder in place of the script's own
      --report OUT.html                  also write a page with the curves and the
                                         loss surface at one point of each unit
  descent-lens trace FILE --steps N --out OUT.npz [--unit NAME] [--seed N]
                                         record a run exactly enough to replay it in PyTorch
  descent-lens compare FILE [options]    run the script in PyTorch for its first steps and compare
      --unit NAME                        only this training unit
      --python PATH                      the interpreter (DESCENT_LENS_PYTHON, the active virtual
                                         environment, python3, python: the first with PyTorch)
      --steps N                          optimizer steps to compare (20)
      --format text|json                 form of the report (text)
  descent-lens --help | --version

Exit status: 0 nothing at warning or above, 1 findings at warning or above,
2 bad usage or a file that cannot be read, 130 interrupted. Of compare: 0 the runs agree,
1 they do not, 2 they could not be compared.`;

const options = {
  format: { type: 'string' },
  static: { type: 'boolean' },
  budget: { type: 'string' },
  seed: { type: 'string' },
  unit: { type: 'string' },
  data: { type: 'string' },
  report: { type: 'string' },
  steps: { type: 'string' },
  out: { type: 'string' },
  python: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

const optionsOf = {
  check: ['format', 'static', 'budget', 'seed', 'unit', 'data', 'report'],
  trace: ['steps', 'out', 'unit', 'seed'],
  compare: ['unit', 'python', 'steps', 'format'],
} as const;

type Values = { readonly [K in keyof typeof options]?: string | boolean };

/** The command that the arguments ask for, or what is wrong with them. */
export function readArguments(args: readonly string[]): Result<Command, string> {
  let values: Values;
  let positionals: string[];
  try {
    ({ values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true }));
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return ok({ kind: 'help' });
  if (values.version) return ok({ kind: 'version' });
  const [command, ...files] = positionals;
  if (command !== 'check' && command !== 'trace' && command !== 'compare') {
    return fail(command === undefined ? 'no command given' : `unknown command '${command}'`);
  }
  const known: readonly string[] = optionsOf[command];
  const foreign = Object.keys(values).find((name) => !known.includes(name));
  if (foreign) return fail(`--${foreign} does not belong to '${command}'`);
  return { check: checkCommand, trace: traceCommand, compare: compareCommand }[command](files, values);
}

function checkCommand(files: readonly string[], values: Values): Result<Command, string> {
  if (files.length === 0) return fail('check needs at least one file');
  const format = formats.find((name) => name === (values.format ?? 'text'));
  if (!format) return fail(`unknown format '${values.format}'; there are ${formats.join(', ')}`);
  const budget = numberOf(values, 'budget', (value) => value > 0, 'a number of seconds above 0');
  const seed = numberOf(values, 'seed', Number.isSafeInteger, 'a whole number');
  if (!budget.ok) return budget;
  if (!seed.ok) return seed;
  return ok({
    kind: 'check',
    files,
    format,
    staticOnly: values.static === true,
    budget: budget.value,
    seed: seed.value,
    unit: text(values.unit),
    data: text(values.data),
    report: text(values.report),
  });
}

function traceCommand(files: readonly string[], values: Values): Result<Command, string> {
  const [file, ...rest] = files;
  if (file === undefined || rest.length > 0) return fail('trace needs exactly one file');
  const steps = numberOf(values, 'steps', (value) => Number.isSafeInteger(value) && value > 0, 'a whole number above 0');
  const seed = numberOf(values, 'seed', Number.isSafeInteger, 'a whole number');
  const out = text(values.out);
  if (!steps.ok) return steps;
  if (!seed.ok) return seed;
  if (steps.value === null) return fail('trace needs --steps N');
  if (out === null) return fail('trace needs --out OUT.npz');
  return ok({ kind: 'trace', file, steps: steps.value, out, unit: text(values.unit), seed: seed.value });
}

function compareCommand(files: readonly string[], values: Values): Result<Command, string> {
  const [file, ...rest] = files;
  if (file === undefined || rest.length > 0) return fail('compare needs exactly one file');
  const format = (['text', 'json'] as const).find((name) => name === (values.format ?? 'text'));
  if (!format) return fail(`unknown format '${values.format}'; there are text, json`);
  const steps = numberOf(values, 'steps', (value) => Number.isSafeInteger(value) && value > 0, 'a whole number above 0');
  if (!steps.ok) return steps;
  const [unit, python] = [text(values.unit), text(values.python)];
  return ok({ kind: 'compare', file, unit, python, steps: steps.value ?? comparedSteps, format });
}

const text = (value: string | boolean | undefined): string | null => (typeof value === 'string' ? value : null);

function numberOf(
  values: Values,
  name: keyof typeof options,
  valid: (value: number) => boolean,
  wanted: string,
): Result<number | null, string> {
  const given = values[name];
  if (given === undefined) return ok(null);
  const value = Number(given);
  const isNumber = typeof given === 'string' && given.trim() !== '' && Number.isFinite(value) && valid(value);
  return isNumber ? ok(value) : fail(`--${name} takes ${wanted}, not '${given}'`);
}
