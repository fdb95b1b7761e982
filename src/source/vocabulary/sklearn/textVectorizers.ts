import type { DataSteps } from '../../../records/dataSteps';
import { Arguments, stringsOf, type Call, type Handler } from '../../interpret/call';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { none, stringValue, unknown, unreadable, type NamespaceValue, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';

type Settings = DataSteps['textMatrix'];

/** Arguments that are not followed unless they have their usual value. */
const unfollowed = ['tokenizer', 'preprocessor', 'strip_accents', 'token_pattern', 'vocabulary'];

/** A bound on the number of texts: a whole number of them, or a share. */
function boundOf(a: Arguments, name: string, fallback: Settings['least']): Settings['least'] {
  const value = a.value(name);
  if (!a.given(name)) return fallback;
  return { bound: a.number(name), isShare: value?.kind === 'number' && !value.integer };
}

/** How a vectorizer counts; a value says what of it is not read. */
function settingsOf(call: Call, isWeighing: boolean): Settings | Value {
  const a = new Arguments(call, '');
  for (const name of unfollowed) if (a.given(name)) a.reject(name, `\`${name}\` is not followed here`);
  if (a.string('analyzer', 'word') !== 'word') a.reject('analyzer', 'Only words are counted here');
  const grams = a.value('ngram_range');
  const [from, to] = grams?.kind === 'list' ? grams.items : [];
  const stop = a.value('stop_words');
  const isEnglish = stop?.kind === 'string' && stop.value === 'english';
  const listed = stop && stop.kind !== 'none' && !isEnglish ? stringsOf(stop) : [];
  if (!listed || (a.given('ngram_range') && (from?.kind !== 'number' || to?.kind !== 'number')))
    a.reject(listed ? 'ngram_range' : 'stop_words', 'Which words are counted could not be read');
  const norm = a.value('norm')?.kind === 'none' ? null : a.string('norm', 'l2') === 'l1' ? 'l1' : 'l2';
  const weigh = {
    useIdf: a.boolean('use_idf', true),
    smooth: a.boolean('smooth_idf', true),
    sublinear: a.boolean('sublinear_tf', false),
    norm,
  } as const;
  a.rejectOthers(
    'analyzer ngram_range stop_words norm use_idf smooth_idf sublinear_tf lowercase binary max_features min_df max_df dtype encoding decode_error input',
  );
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  return {
    lower: a.boolean('lowercase', true),
    stop: isEnglish ? 'english' : (listed ?? []),
    grams: from?.kind === 'number' && to?.kind === 'number' ? [from.value, to.value] : [1, 1],
    binary: a.boolean('binary', false),
    limit: a.optionalNumber('max_features'),
    least: boundOf(a, 'min_df', { bound: 1, isShare: false }),
    most: boundOf(a, 'max_df', { bound: 1, isShare: true }),
    weigh: isWeighing ? weigh : null,
  };
}

const vectorizer =
  (form: 'counts' | 'weights'): Handler =>
  (call) => ({
    kind: 'namespace',
    entries: new Map<string, Value>([
      ['__transformer', stringValue('texts')],
      ['__words', stringValue(form)],
      ['__fitted', none],
    ]),
    missing: '`%` of a text vectorizer is not read before it is fitted',
    call,
  });

/** The column behind texts: what `.values` made of it is the column itself. */
function columnOf(value: Value | undefined, call: Call): DataArray | null {
  const m = call.machine;
  if (value?.kind === 'list') {
    const values = stringsOf(value);
    return values && values.length > 0
      ? dataStep(m, 'literalText', { values }, [], call.range, { flavour: 'series', shape: [values.length] })
      : null;
  }
  if (value?.kind !== 'array' || value.fault || value.row) return null;
  const step = m.program.steps[value.step];
  return step?.kind === 'toTensor' ? { ...value, step: step.inputs[0] ?? value.step, flavour: 'series' } : value;
}

/** True for CountVectorizer and TfidfVectorizer. */
export const isTextVectorizer = (value: NamespaceValue): boolean => value.entries.has('__words');

/** What a vectorizer makes of texts when it was fitted on some. */
export function textsCounted(step: NamespaceValue, fitted: Value | undefined, texts: Value | undefined, call: Call): Value {
  const form = step.entries.get('__words');
  if (!step.call || form?.kind !== 'string') return unknown;
  const settings = settingsOf(step.call, form.value === 'weights');
  if ('kind' in settings) return settings;
  const [known, given] = [columnOf(fitted, call), columnOf(texts, call)];
  if (!known || !given) return unreadable('The texts whose words are counted could not be read', call.range);
  const words = call.machine.program;
  const made = dataStep(call.machine, 'textMatrix', settings, [known, given], call.range, {
    flavour: 'numpy',
    integer: settings.weigh === null,
    shape: null,
    mask: false,
    columns: null,
  });
  const width = words.symbol(made.step, { kind: 'size', axis: 1 });
  return { ...made, shape: [given.shape?.[0] ?? words.symbol(made.step, { kind: 'size', axis: 0 }), width] };
}

const textsIn = (call: Call): Value | undefined => call.positional[0]?.value ?? call.keywords.get('raw_documents')?.value;

/** Keeps the texts that a vectorizer is fitted on, with their words; gives their counts. */
function keepFitted(step: NamespaceValue, call: Call): Value {
  const { journal } = call.machine;
  const texts = textsIn(call) ?? unknown;
  const counted = textsCounted(step, texts, texts, call);
  const size = counted.kind === 'array' ? counted.shape?.[1] : null;
  journal.set(step.entries, '__fitted', texts.kind === 'array' ? { ...texts } : texts);
  if (size !== null && size !== undefined)
    journal.set(step.entries, 'vocabulary_', {
      kind: 'namespace',
      entries: new Map<string, Value>([['__length', { kind: 'size', size }]]),
      missing: 'The words of a text vectorizer are only counted',
    });
  return counted;
}

/** Methods of text vectorizers. */
export const vectorizerMethods: MethodTable<NamespaceValue> = {
  fit: (step, call) => {
    keepFitted(step, call);
    return step;
  },
  fit_transform: (step, call) => keepFitted(step, call),
  get_feature_names_out: (step) => step.entries.get('vocabulary_') ?? unknown,
  transform: (step, call) => textsCounted(step, step.entries.get('__fitted'), textsIn(call), call),
};

/** scikit-learn's text vectorizers. */
export const vectorizerTable: FunctionTable = {
  'sklearn.feature_extraction.text.CountVectorizer': vectorizer('counts'),
  'sklearn.feature_extraction.text.TfidfVectorizer': vectorizer('weights'),
};
