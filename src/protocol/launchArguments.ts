import type { GivenValue, GivenValues } from '../records/given';

/** How a script is started, as far as the launch configurations of a folder say. */
export interface Launch {
  readonly name: string;
  /** File name of the program, without its folder; null when it is the open file, whichever that is. */
  readonly program: string | null;
  readonly values: GivenValues;
}

/** The launches among the `configurations` of a launch.json that give arguments to a Python program. */
export function readLaunches(configurations: unknown): readonly Launch[] {
  if (!Array.isArray(configurations)) return [];
  return configurations.flatMap((one: unknown) => {
    const [type, program, name] = [member(one, 'type'), member(one, 'program'), member(one, 'name')];
    const words = wordsOf(member(one, 'args'));
    if ((type !== 'python' && type !== 'debugpy') || words.length === 0) return [];
    const own = typeof program === 'string' && !program.includes('${file}') ? (program.split(/[\\/]/).pop() ?? null) : null;
    return [{ name: typeof name === 'string' ? name : '', program: own, values: valuesOf(words) }];
  });
}

/** The value that the launches of a script give for a name: a launch of that very file first. */
export function launchValue(launches: readonly Launch[], script: string, name: string): GivenValue | null {
  const file = script.split(/[\\/]/).pop() ?? '';
  const fitting = [...launches.filter(({ program }) => program === file), ...launches.filter(({ program }) => program === null)];
  return fitting.find(({ values }) => values[name] !== undefined)?.values[name] ?? null;
}

/** `--lr 0.1 --name=x -v` by name, dashes within names as underscores. A flag without a value is true. */
function valuesOf(words: readonly string[]): GivenValues {
  const values: Record<string, GivenValue> = {};
  words.forEach((word, at) => {
    const match = /^--?([a-zA-Z][\w.-]*)(?:=(.*))?$/.exec(word);
    if (!match) return;
    const name = (match[1] ?? '').replace(/-/g, '_');
    const next = words[at + 1];
    const own = match[2] ?? (next !== undefined && !/^--?[a-zA-Z]/.test(next) ? next : null);
    values[name] = own === null ? true : asValue(own);
  });
  return values;
}

/** Text as a person or a command line gives it: a number where it is one. */
export function asValue(text: string): GivenValue {
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : text;
}

/** Arguments are a list, or one text that is split at spaces. */
function wordsOf(args: unknown): string[] {
  if (typeof args === 'string') return args.split(/\s+/).filter((word) => word !== '');
  return Array.isArray(args) ? args.filter((word): word is string => typeof word === 'string') : [];
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
