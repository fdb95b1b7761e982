import type { DataStep } from '../../records/dataSteps';
import type { SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import { none, numberValue, type FileValue, type LoopContext, type NamespaceValue, type Value } from '../values/value';
import type { Machine } from './machine';
import { dataStep } from './tensors';
import { rowLoop } from './windows';

/** The characters of a text file as an array, which most of Python's ways with text work on; null when the path is not known. */
export function charactersOf(m: Machine, file: FileValue, range: SourceRange): DataArray | null {
  if (file.path.kind !== 'string') return null;
  const { value: path } = file.path;
  const lower = file.lower === true;
  const known = m.program.steps.findIndex(
    (step) => step.kind === 'readCharacters' && step.arguments.path === path && step.arguments.lower === lower,
  );
  const before = known >= 0 ? m.program.results.get(known) : undefined;
  if (before) return before;
  const made = dataStep(m, 'readCharacters', { path, lower }, [], range, { flavour: 'numpy', shape: null, integer: true });
  const whole = { ...made, shape: [m.program.symbol(made.step, { kind: 'size', axis: 0 })] };
  m.program.results.set(made.step, whole);
  return whole;
}

const onlyCuts: ReadonlySet<string> = new Set(['windows', 'index', 'slice']);

/** True for the characters of a file and for parts of them. */
export function isText(m: Machine, array: DataArray): boolean {
  let index: number | undefined = array.step;
  while (index !== undefined) {
    const step: DataStep | undefined = m.program.steps[index];
    if (step?.kind === 'readCharacters') return true;
    if (!step || !onlyCuts.has(step.kind)) return false;
    index = step.inputs[0];
  }
  return false;
}

/** The different characters of a text in order, as `sorted(set(text))` gives them; null for other values. */
export function vocabularyOf(m: Machine, value: Value): DataArray | null {
  if (value.kind !== 'iterator' || value.wrap !== 'plain' || value.of.kind !== 'array') return null;
  return isText(m, value.of) ? value.of : null;
}

/** A dictionary from each character to its place, `offset` for the first. */
const encoding = (vocabulary: DataArray, offset: number): NamespaceValue => ({
  kind: 'namespace',
  entries: new Map<string, Value>([
    ['__encoding', vocabulary],
    ['__offset', numberValue(offset, true)],
  ]),
  missing: '`%` is not an attribute of a dictionary',
});

/** A dictionary from places to characters. */
export const decoding = (vocabulary: DataArray): NamespaceValue => ({
  kind: 'namespace',
  entries: new Map<string, Value>([['__decoding', vocabulary]]),
  missing: '`%` is not an attribute of a dictionary',
});

/** The characters that a dictionary knows; null for other values. */
export function charactersIn(value: Value): DataArray | null {
  if (value.kind !== 'namespace') return null;
  const held = value.entries.get('__encoding') ?? value.entries.get('__decoding');
  return held?.kind === 'array' ? held : null;
}

/** One pass over a vocabulary, standing for all: what the target is bound to. */
export function vocabularyPass(
  m: Machine,
  iterable: Value,
  range: SourceRange,
): { readonly vocabulary: DataArray; readonly item: Value } | null {
  if (iterable.kind !== 'iterator' || iterable.wrap !== 'enumerate') return null;
  const vocabulary = vocabularyOf(m, iterable.of) ?? charactersIn(iterable.of);
  if (!vocabulary) return null;
  const loop: LoopContext = rowLoop(null, range);
  const place: Value = { kind: 'progress', loop, scale: 1, offset: iterable.start, modulus: null, scaleValue: null };
  const entry: Value = {
    kind: 'namespace',
    entries: new Map<string, Value>([['__entry', none]]),
    missing: '`%` is not an attribute of text',
  };
  return { vocabulary, item: { kind: 'list', form: 'tuple', items: [place, entry], range: null } };
}

const isEntry = (value: Value | undefined): boolean => value?.kind === 'namespace' && value.entries.has('__entry');

/** The dictionary of which one pass over a vocabulary gives `key` and `value`; null when it is none that is known. */
export function dictionaryOf(vocabulary: DataArray, key: Value | undefined, value: Value | undefined): Value | null {
  const isPlace = (one: Value | undefined): one is Value & { readonly kind: 'progress' } =>
    one?.kind === 'progress' && one.scale === 1 && one.modulus === null;
  if (isEntry(key) && isPlace(value)) return encoding(vocabulary, value.offset);
  return isPlace(key) && isEntry(value) ? decoding(vocabulary) : null;
}

/** Characters by their places in the dictionary; null when the two do not belong together. */
export function encoded(m: Machine, dictionary: NamespaceValue, array: DataArray, range: SourceRange): DataArray | null {
  const vocabulary = dictionary.entries.get('__encoding');
  const offset = dictionary.entries.get('__offset');
  if (vocabulary?.kind !== 'array' || offset?.kind !== 'number' || !isText(m, array)) return null;
  const step = m.program.steps[array.step];
  if (!step) return null;
  if (step.kind !== 'readCharacters') {
    const whole = m.program.results.get(step.inputs[0] ?? -1);
    const inner = whole ? encoded(m, dictionary, { ...whole, step: step.inputs[0] ?? -1 }, range) : null;
    if (!inner) return null;
    const cut = m.program.add(step.kind, step.arguments as never, [inner.step], range);
    const made: DataArray = { ...array, step: cut, integer: true, range };
    m.program.results.set(cut, made);
    return made;
  }
  const places = dataStep(m, 'encodeLabels', { order: 'sorted' }, [vocabulary, array], range, {
    shape: array.shape,
    integer: true,
  });
  if (offset.value === 0) return places;
  const first = dataStep(m, 'literal', { shape: [], values: [offset.value], integer: true }, [], range, {
    shape: [],
    integer: true,
  });
  return dataStep(m, 'add', {}, [places, first], range, { shape: array.shape, integer: true });
}
