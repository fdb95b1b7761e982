import type { DataSteps } from '../../../records/dataSteps';
import type { Padding, WordNumbering } from '../../../records/textSteps';
import type { Size } from '../../../graph/size';
import { combineSizes } from '../../../graph/size';
import { Arguments, stringsOf, type Call, type Handler } from '../../interpret/call';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { listValue, none, stringValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';

type Namespace = Value & { readonly kind: 'namespace' };

/** Characters that Keras takes out of texts. */
const usualFilters = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n';

const numberingNames = 'num_words filters lower split char_level oov_token';

/** How a Tokenizer numbers words; a value says what of it is not read. */
function numberingOf(call: Call): WordNumbering | Value {
  const a = new Arguments(call, numberingNames);
  const numbering: WordNumbering = {
    limit: a.optionalNumber('num_words'),
    lower: a.boolean('lower', true),
    filters: a.string('filters', usualFilters),
    split: a.string('split', ' '),
    marksUnknown: a.given('oov_token'),
    characters: a.boolean('char_level', false),
    hashed: null,
  };
  a.rejectOthers('document_count name nb_words');
  if (a.given('nb_words')) return { ...numbering, limit: a.number('nb_words') };
  return a.problems[0] ? { kind: 'unknown', reason: a.problems[0] } : numbering;
}

const tokenizer: Handler = (call) => ({
  kind: 'namespace',
  entries: new Map<string, Value>([['__kerasTokenizer', none]]),
  missing: '`%` of a tokenizer is not read',
  call,
});

/** A column of texts: lists of the script, columns of tables. */
export function textsOf(value: Value, call: Call): DataArray | null {
  const m = call.machine;
  if (value.kind === 'list') {
    const values = stringsOf(value);
    if (!values || values.length === 0) return null;
    const made = dataStep(m, 'literalText', { values }, [], call.range, { flavour: 'series', shape: [values.length] });
    return made;
  }
  if (value.kind !== 'array' || value.fault || value.row) return null;
  // A column of texts is no tensor: what `.values` made of it is the column itself.
  const step = m.program.steps[value.step];
  return step?.kind === 'toTensor' ? { ...value, step: step.inputs[0] ?? value.step, flavour: 'series' } : value;
}

/** Rows of numbers that have no common length yet. */
interface Sequences {
  readonly numbering: WordNumbering;
  readonly fitted: DataArray;
  readonly texts: DataArray;
}

const sequences = new WeakMap<object, Sequences>();

/** Sequences as a value that only padding and its like take. */
function asValue(made: Sequences, call: Call): Value {
  const value: Namespace = {
    kind: 'namespace',
    entries: new Map<string, Value>([['__kerasSequences', none]]),
    missing: '`%` of sequences of words is not read',
    call,
  };
  sequences.set(value, made);
  return value;
}

const fitted = new WeakMap<object, DataArray>();

const withTexts = (given: Value, call: Call, make: (texts: DataArray) => Value): Value => {
  const texts = textsOf(given, call);
  return texts
    ? make(texts)
    : given.kind === 'unknown' && given.reason
      ? given
      : unreadable('These texts could not be read', call.range);
};

/** What a tokenizer makes of texts after it was fitted. */
const numbered = (t: Namespace, call: Call, make: (s: Sequences) => Value): Value => {
  const words = fitted.get(t);
  const numbering = t.call ? numberingOf(t.call) : unknown;
  if ('kind' in numbering) return numbering;
  if (!words) return unreadable('The texts that this tokenizer was fitted on could not be read', call.range);
  return withTexts(call.positional[0]?.value ?? call.keywords.get('texts')?.value ?? unknown, call, (texts) =>
    make({ numbering, fitted: words, texts }),
  );
};

function matrixOf(s: Sequences, mode: string, call: Call): Value {
  if (mode !== 'binary' && mode !== 'count') return unreadable('This kind of matrix of words is not read', call.range);
  const columns: Size = s.numbering.limit ?? vocabularySize(s, call, 1);
  const shape = [s.texts.shape?.[0] ?? null, columns];
  const args = { ...s.numbering, counts: mode === 'count' };
  return dataStep(call.machine, 'wordMatrix', args, [s.fitted, s.texts], call.range, {
    flavour: 'numpy',
    shape,
    integer: false,
    columns: null,
  });
}

/** `tokenizer.sequences_to_matrix(numbers)`: which of the numbers below `num_words` a row has. */
function sequencesToMatrix(t: Namespace, call: Call): Value {
  const a = new Arguments(call, 'sequences mode');
  const given = a.value('sequences') ?? unknown;
  const numbering = t.call ? numberingOf(t.call) : unknown;
  const mode = a.string('mode', 'binary');
  const words = given.kind === 'namespace' ? sequences.get(given) : undefined;
  if (words) return matrixOf(words, mode, call);
  if ('kind' in numbering) return numbering;
  if (given.kind === 'unknown' && given.reason) return given;
  const { limit } = numbering;
  if (given.kind !== 'array' || mode !== 'binary' || limit === null)
    return unreadable('This kind of matrix of numbers is not read', call.range);
  return dataStep(call.machine, 'multiHot', { classes: limit }, [given], call.range, {
    flavour: 'numpy',
    shape: [given.shape?.[0] ?? null, limit],
    integer: false,
    columns: null,
  });
}

/** How many words there are, and `more`. */
function vocabularySize(
  { numbering, fitted: texts }: Pick<Sequences, 'numbering' | 'fitted'>,
  call: Pick<Call, 'machine' | 'range'>,
  more: number,
): Size {
  const step = dataStep(call.machine, 'vocabulary', numbering, [texts], call.range, { flavour: 'numpy', shape: [null] });
  const size: Size = call.machine.program.symbol(step.step, { kind: 'size', axis: 0 });
  const all = numbering.marksUnknown ? more + 1 : more;
  return all === 0 ? size : combineSizes('+', size, all);
}

/** Methods of keras.preprocessing.text.Tokenizer. */
export const tokenizerMethods: MethodTable<Namespace> = {
  fit_on_texts: (t, call) => {
    const texts = textsOf(call.positional[0]?.value ?? call.keywords.get('texts')?.value ?? unknown, call);
    if (texts) fitted.set(t, texts);
    return none;
  },
  texts_to_sequences: (t, call) => numbered(t, call, (s) => asValue(s, call)),
  texts_to_matrix: (t, call) =>
    numbered(t, call, (s) => matrixOf(s, new Arguments(call, 'texts mode').string('mode', 'binary'), call)),
  sequences_to_matrix: sequencesToMatrix,
  to_json: () => unknown,
};

/** `tokenizer.word_index`: its length is the number of words. */
export function tokenizerAttribute(t: Namespace, name: string, call: Pick<Call, 'machine' | 'range'>): Value | null {
  if (name !== 'word_index' && name !== 'word_counts' && name !== 'index_word') return null;
  const words = fitted.get(t);
  const numbering = t.call ? numberingOf(t.call) : unknown;
  if (!words || 'kind' in numbering) return unknown;
  const size = vocabularySize({ numbering, fitted: words }, call, 0);
  return {
    kind: 'namespace',
    entries: new Map<string, Value>([['__length', { kind: 'size', size }]]),
    missing: '`%` of these words is not read',
  };
}

function paddingOf(a: Arguments): Padding {
  return {
    length: a.optionalNumber('maxlen'),
    value: a.number('value', 0),
    before: a.string('padding', 'pre') === 'pre',
    cutBefore: a.string('truncating', 'pre') === 'pre',
  };
}

/** `pad_sequences(sequences, maxlen=...)`. */
const padSequences: Handler = (call) => {
  const a = new Arguments(call, 'sequences maxlen dtype padding truncating value');
  const given = a.value('sequences') ?? unknown;
  const padding = paddingOf(a);
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  const words = given.kind === 'namespace' ? sequences.get(given) : hashedTogether(given);
  const result = { flavour: 'numpy', integer: true, columns: null, ragged: false } as const;
  if (words) {
    const args: DataSteps['wordNumbers'] = { ...words.numbering, ...padding };
    const shape = [words.texts.shape?.[0] ?? null, padding.length];
    return dataStep(call.machine, 'wordNumbers', args, [words.fitted, words.texts], call.range, { ...result, shape });
  }
  if (given.kind !== 'array')
    return given.kind === 'unknown' && given.reason ? given : unreadable('These sequences could not be read', call.range);
  return dataStep(call.machine, 'padSequences', padding, [given], call.range, {
    ...result,
    integer: given.integer,
    shape: [given.shape?.[0] ?? null, padding.length],
  });
};

/** `[one_hot(d, n) for d in docs]`: the texts together again. */
function hashedTogether(value: Value): Sequences | null {
  if (value.kind !== 'list') return null;
  const all = value.items.map((item) => (item.kind === 'namespace' ? sequences.get(item) : undefined));
  const [first] = all;
  const m = value.items[0]?.kind === 'namespace' ? value.items[0].call?.machine : undefined;
  if (!first || !m || all.some((one) => one?.numbering.hashed !== first.numbering.hashed)) return null;
  const values = all.flatMap((one) => {
    const step = one ? m.program.steps[one.texts.step] : undefined;
    return step?.kind === 'literalText' ? step.arguments.values : [];
  });
  if (values.length !== all.length) return null;
  const texts = dataStep(m, 'literalText', { values }, [], first.texts.range, { flavour: 'series', shape: [values.length] });
  return { ...first, fitted: texts, texts };
}

/** `one_hot(text, n)`: the words of one text, numbered by a hash. */
const hashed: Handler = (call) => {
  const a = new Arguments(call, 'input_text n filters lower split');
  const text = a.value('input_text') ?? a.value('text') ?? unknown;
  const numbering: WordNumbering = {
    limit: null,
    lower: a.boolean('lower', true),
    filters: a.string('filters', usualFilters),
    split: a.string('split', ' '),
    marksUnknown: false,
    characters: false,
    hashed: a.number('n'),
  };
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  if (text.kind !== 'string') return text.kind === 'unknown' ? text : unreadable('This text could not be read', call.range);
  call.machine.assume('Words are numbered by another hash than Python’s, which is a new one in each process', call.range);
  return withTexts(listValue([stringValue(text.value)]), call, (texts) => asValue({ numbering, fitted: texts, texts }, call));
};

const modules = [
  'keras.preprocessing.text',
  'keras_preprocessing.text',
  'keras.src.legacy.preprocessing.text',
  'keras.legacy.preprocessing.text',
];
const paddings = ['keras.preprocessing.sequence', 'keras.utils', 'keras_preprocessing.sequence', 'keras.utils.data_utils'];

/** Texts in Keras: Tokenizer, pad_sequences, one_hot. */
export const kerasTextTable: FunctionTable = {
  ...Object.fromEntries(
    modules.flatMap((module): [string, Handler][] => [
      [`${module}.Tokenizer`, tokenizer],
      [`${module}.one_hot`, hashed],
    ]),
  ),
  ...Object.fromEntries(paddings.map((module): [string, Handler] => [`${module}.pad_sequences`, padSequences])),
};
