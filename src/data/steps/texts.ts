import { ok } from '../../base/result';
import type { Padding, WordNumbering } from '../../records/textSteps';
import type { Execute } from '../context';
import { fault, type Outcome } from '../fault';
import { arrayInput, rowsInput } from '../inputs';
import { arrayOf, asTable, lineageOf, noLineage, type RowsValue, type Value } from '../values';

/** A column of texts that the script writes out. */
export const executeLiteralText: Execute<'literalText'> = ({ values }) =>
  ok({
    ...noLineage,
    kind: 'table',
    columns: [{ label: 0, origin: null, type: 'text', values }],
    length: values.length,
    single: true,
  });

/** texts_to_sequences and pad_sequences: [texts, length]. */
export const executeWordNumbers: Execute<'wordNumbers'> = (settings, inputs) => {
  const texts = numbered(settings, inputs);
  if (!texts.ok) return texts;
  const { rows, of } = texts.value;
  return padded(rows, settings, of);
};

/** texts_to_matrix: [texts, words]. */
export const executeWordMatrix: Execute<'wordMatrix'> = (settings, inputs) => {
  const texts = numbered(settings, inputs);
  if (!texts.ok) return texts;
  const { rows, of, known } = texts.value;
  // TextVectorization has no column for what is no word.
  const first = settings.vectorized ? 1 : 0;
  const columns = settings.vectorized ? Math.min((settings.limit ?? Infinity) - first, known) : (settings.limit ?? known + 1);
  const values = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => {
    for (const word of row) {
      const at = i * columns + word - first;
      values[at] = settings.counts ? (values[at] ?? 0) + 1 : 1;
    }
  });
  return ok(arrayOf([rows.length, columns], values, lineageOf(of)));
};

/** The different words of texts, as a count that a size symbol reads. */
export const executeVocabulary: Execute<'vocabulary'> = (settings, inputs) => {
  const texts = textsOf(inputs, 0);
  if (!texts.ok) return texts;
  const { size } = wordIndex(settings, texts.value.texts);
  return ok(
    arrayOf(
      [size],
      Int32Array.from({ length: size }, (_, i) => i),
      noLineage,
    ),
  );
};

/** pad_sequences of rows that have one length already. */
export const executePadSequences: Execute<'padSequences'> = (settings, inputs) => {
  const value = arrayInput(inputs, 0);
  if (!value.ok) return value;
  const { shape, values } = value.value.tensor;
  const [count = 0, width] = shape;
  if (width === undefined || shape.length !== 2) return fault('pad_sequences takes rows of numbers; these have another shape.');
  const rows = Array.from({ length: count }, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width)));
  return padded(rows, settings, value.value);
};

/** 1 in each column that one of the row's numbers names. */
export const executeMultiHot: Execute<'multiHot'> = ({ classes }, inputs, context) => {
  const value = arrayInput(inputs, 0);
  if (!value.ok) return value;
  const columns = context.size(classes);
  if (!columns.ok) return columns;
  const { shape, values } = value.value.tensor;
  const [count = 0, width = 1] = shape;
  const made = new Float32Array(count * columns.value);
  for (let i = 0; i < count * width; i++) {
    const at = values[i] ?? -1;
    if (at < 0 || at >= columns.value) return fault(`Number ${at} has no column: there are ${columns.value}.`);
    made[Math.floor(i / width) * columns.value + at] = 1;
  }
  return ok(arrayOf([count, columns.value], made, lineageOf(value.value)));
};

function padded(rows: readonly (readonly number[])[], padding: Padding, of: RowsValue): Outcome<Value> {
  const length = padding.length ?? rows.reduce((most, row) => Math.max(most, row.length), 0);
  const values = new Int32Array(rows.length * length).fill(padding.value);
  rows.forEach((row, i) => {
    const kept = row.length <= length ? row : padding.cutBefore ? row.slice(row.length - length) : row.slice(0, length);
    values.set(kept, i * length + (padding.before ? length - kept.length : 0));
  });
  return ok(arrayOf([rows.length, length], values, lineageOf(of)));
}

interface Texts {
  readonly texts: readonly string[];
  readonly of: RowsValue;
}

/** The only column of an input as texts; a missing one is empty. */
function textsOf(inputs: readonly Value[], at: number): Outcome<Texts> {
  const value = rowsInput(inputs, at);
  if (!value.ok) return value;
  const [column, ...others] = asTable(value.value).columns;
  if (!column || others.length > 0 || column.type !== 'text') return fault('These rows are no column of texts.');
  return ok({ texts: column.values.map((text) => text ?? ''), of: value.value });
}

interface Numbered {
  readonly rows: readonly (readonly number[])[];
  readonly of: RowsValue;
  /** The highest number that a word has. */
  readonly known: number;
}

function numbered(settings: WordNumbering, inputs: readonly Value[]): Outcome<Numbered> {
  const [counted, given] = [textsOf(inputs, 0), textsOf(inputs, inputs.length - 1)];
  if (!counted.ok) return counted;
  if (!given.ok) return given;
  const index = settings.hashed === null ? wordIndex(settings, counted.value.texts) : null;
  const offset = settings.marksUnknown ? 2 : 1;
  const numberOf = (word: string): number | null => {
    if (settings.hashed !== null) return 1 + (hashOf(word) % (settings.hashed - 1));
    const rank = index?.get(word);
    const number = rank === undefined ? null : rank + offset;
    if (number !== null && (settings.limit === null || number < settings.limit)) return number;
    return settings.marksUnknown ? 1 : null;
  };
  const rows = given.value.texts.map((text) => wordsOf(settings, text).flatMap((word) => numberOf(word) ?? []));
  return ok({ rows, of: given.value.of, known: (index?.size ?? 0) + offset - 1 });
}

/** Words by how often they come, the most frequent first; equally frequent ones in the order of their first appearance. */
function wordIndex(settings: WordNumbering, texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of wordsOf(settings, text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const later = (a: string, b: string): number => (settings.vectorized ? (a < b ? 1 : -1) : 0);
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || later(a[0], b[0]));
  return new Map(ranked.map(([word], rank) => [word, rank]));
}

function wordsOf({ lower, filters, split, characters, vectorized }: WordNumbering, text: string): readonly string[] {
  const plain = lower ? text.toLowerCase() : text;
  if (vectorized) {
    const kept = [...plain].filter((character) => !filters.includes(character)).join('');
    return kept.split(/\s+/).filter((word) => word !== '' && word !== '[UNK]');
  }
  if (characters) return [...plain];
  const separated = [...plain].map((character) => (filters.includes(character) ? split : character)).join('');
  return separated.split(split).filter((word) => word !== '');
}

/** FNV-1a; Python's own hash of a text is another one in each process. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
