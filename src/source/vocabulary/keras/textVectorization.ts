import type { WordNumbering } from '../../../records/textSteps';
import type { SourceRange } from '../../../records/source';
import { Arguments, type Call, type Handler } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { preparingLayer } from './dataLayers';
import { asColumn } from './lookups';

/** Characters that `lower_and_strip_punctuation` takes out of texts. */
const punctuation = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\'';

const names =
  'max_tokens standardize split ngrams output_mode output_sequence_length pad_to_max_tokens vocabulary idf_weights sparse ragged encoding';

const ofOne = (value: Value, { range }: Call): Pick<Call, 'positional' | 'keywords'> => ({
  positional: [{ value, range }],
  keywords: new Map(),
});

const notPrepared = (range: SourceRange): Value => unreadable('What this function makes of texts could not be read', range);

/** TextVectorization: texts as numbers of words, behind 0 for none and 1 for unknown ones, or as columns of words. */
const vectorization: Handler = (call) => {
  const a = new Arguments(call, names);
  const way = a.argument('standardize') === null ? 'lower_and_strip_punctuation' : a.value('standardize');
  const own = typeof way === 'object' && way?.kind === 'function' ? way : null;
  const said = typeof way === 'string' ? way : way?.kind === 'string' ? way.value : way?.kind === 'none' || own ? '' : null;
  if (said === null) a.reject('standardize', 'This way to prepare texts is not read');
  if (a.given('split') && a.string('split', '') !== 'whitespace') a.reject('split', 'This way to separate words is not read');
  const mode = a.string('output_mode', 'int');
  const isNumbers = mode === 'int';
  if (!isNumbers && mode !== 'multi_hot' && mode !== 'binary' && mode !== 'count')
    a.reject('output_mode', 'This form of texts is not read');
  for (const odd of ['ngrams', 'vocabulary', 'idf_weights']) if (a.given(odd)) a.reject(odd, `\`${odd}\` is not followed`);
  for (const odd of ['sparse', 'ragged', 'pad_to_max_tokens'])
    if (a.boolean(odd, false)) a.reject(odd, `\`${odd}\` is not followed`);
  const length = a.optionalNumber('output_sequence_length');
  // Keras keeps a place of a limited vocabulary for what is no word where it gives numbers alone.
  const limit = a.optionalNumber('max_tokens');
  const numbering: WordNumbering = {
    limit: limit === null || isNumbers ? limit : limit + 1,
    lower: said === 'lower_and_strip_punctuation' || said === 'lower',
    filters: said === 'lower_and_strip_punctuation' || said === 'strip_punctuation' ? punctuation : '',
    split: ' ',
    marksUnknown: true,
    characters: false,
    hashed: null,
    vectorized: true,
  };
  return preparingLayer(call, a, 'text_vectorization', (m, layer, rows) => {
    if (!layer.adapted) return unreadable('The texts that this layer was adapted to could not be read', layer.range);
    if (isNumbers && length === null)
      return unreadable('Texts of which the longest of each batch decides the length are not read', layer.range);
    const given = [layer.adapted, rows].map((of) => asColumn(m.program.steps, of));
    const prepared = own ? given.map((of) => callValue(m, own, { ...call, ...ofOne(of, call), unclear: null })) : given;
    const unread = prepared.find((one) => one.kind !== 'array');
    if (unread) return unread.kind === 'unknown' && unread.reason ? unread : notPrepared(layer.range);
    const texts = prepared as DataArray[];
    const [count] = texts[1]?.shape ?? [null];
    const made = { flavour: 'numpy', integer: isNumbers, columns: null } as const;
    if (!isNumbers)
      return dataStep(m, 'wordMatrix', { ...numbering, counts: mode === 'count' }, texts, layer.range, {
        ...made,
        shape: [count ?? null, null],
      });
    const padding = { length, value: 0, before: false, cutBefore: false };
    return dataStep(m, 'wordNumbers', { ...numbering, ...padding }, texts, layer.range, {
      ...made,
      shape: [count ?? null, length],
    });
  });
};

/** TextVectorization. */
export const kerasTextVectorizationTable: FunctionTable = {
  'keras.layers.TextVectorization': vectorization,
  'keras.layers.experimental.preprocessing.TextVectorization': vectorization,
};
