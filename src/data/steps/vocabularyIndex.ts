import { ok } from '../../base/result';
import type { DataSteps } from '../../records/dataSteps';
import type { Execute } from '../context';
import { fault, type Outcome } from '../fault';
import { rowsInput } from '../inputs';
import { arrayOf, asTable, lineageOf, shapeOf, showShape, type RowsValue, type Value } from '../values';

type Token = string | number;

/** Keras's StringLookup and IntegerLookup: each value by its place in a vocabulary, given or counted in the first input. */
export const executeVocabularyIndex: Execute<'vocabularyIndex'> = (settings, inputs) => {
  const given = tokensOf(inputs, inputs.length - 1);
  const counted = settings.vocabulary ? null : tokensOf(inputs, 0);
  if (!given.ok) return given;
  if (counted && !counted.ok) return counted;
  const words = settings.vocabulary ?? frequentFirst(counted?.value.tokens ?? [], settings);
  const places = new Map(words.map((word, i) => [String(word), i + settings.unknowns + (settings.masks ? 1 : 0)] as const));
  const columns = words.length + settings.unknowns;
  const numbers = new Int32Array(given.value.tokens.length);
  for (const [i, token] of given.value.tokens.entries()) {
    const place = settings.masks && token === '' ? 0 : places.get(String(token));
    if (place === undefined && settings.unknowns === 0) return fault(`'${token}' is not in the vocabulary of this lookup.`);
    numbers[i] = place ?? (settings.masks ? 1 : 0);
  }
  const lineage = lineageOf(given.value.of);
  if (settings.form === 'integer') return ok(arrayOf([numbers.length], numbers, lineage));
  const made = new Float32Array(numbers.length * columns);
  for (const [i, place] of numbers.entries()) {
    const column = settings.masks ? place - 1 : place;
    if (column >= 0) made[i * columns + column] = 1;
  }
  return ok(arrayOf([numbers.length, columns], made, lineage));
};

/** The most frequent first; equally frequent ones backward in their own order, as Keras breaks ties. */
function frequentFirst(tokens: readonly Token[], settings: DataSteps['vocabularyIndex']): readonly Token[] {
  const { masks, unknowns, limit, form } = settings;
  const isOwn = (token: Token): boolean => (masks && token === '') || token === '[UNK]' || token === -1;
  const counts = new Map<Token, number>();
  for (const token of tokens) if (!isOwn(token)) counts.set(token, (counts.get(token) ?? 0) + 1);
  const ranked = [...counts].sort(([a, n], [b, k]) => k - n || (a < b ? 1 : -1)).map(([token]) => token);
  return limit === null ? ranked : ranked.slice(0, Math.max(0, limit - unknowns - (masks && form === 'integer' ? 1 : 0)));
}

/** The only column of an input as texts or numbers. */
function tokensOf(inputs: readonly Value[], at: number): Outcome<{ readonly tokens: readonly Token[]; readonly of: RowsValue }> {
  const value = rowsInput(inputs, at);
  if (!value.ok) return value;
  const of = value.value;
  const shape = shapeOf(of);
  if (shape.length > 2 || (shape[1] ?? 1) !== 1)
    return fault(`A lookup takes one column; this has the shape ${showShape(shape)}.`);
  if (of.kind === 'array') return ok({ tokens: Array.from(of.tensor.values), of });
  const [column] = asTable(of).columns;
  if (column?.type === 'text') return ok({ tokens: column.values.map((text) => text ?? ''), of });
  return column ? ok({ tokens: Array.from(column.values), of }) : fault('These rows have no column.');
}
