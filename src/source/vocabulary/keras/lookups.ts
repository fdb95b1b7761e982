import type { DataSteps } from '../../../records/dataSteps';
import { Arguments, numbersOf, stringsOf, type Handler } from '../../interpret/call';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { none, unreadable } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { preparingLayer } from './dataLayers';

/** Rows of a lookup without what stands around a column of texts: a tensor of texts is the column itself. */
export const asColumn = (
  program: readonly { readonly kind: string; readonly inputs: readonly number[] }[],
  rows: DataArray,
): DataArray => {
  const step = program[rows.step];
  const passes = step?.kind === 'toTensor' || step?.kind === 'unsqueeze' || step?.kind === 'reshape';
  const inner = step?.inputs[0];
  return passes && inner !== undefined ? asColumn(program, { ...rows, step: inner, shape: [rows.shape?.[0] ?? null] }) : rows;
};

/** StringLookup and IntegerLookup. */
const lookup =
  (names: string, name: string): Handler =>
  (call) => {
    const a = new Arguments(call, names);
    const given = a.value('vocabulary') ?? none;
    const vocabulary = stringsOf(given) ?? numbersOf(given);
    if (given.kind !== 'none' && !vocabulary) a.reject('vocabulary', 'This vocabulary could not be read');
    const mode = a.string('output_mode', 'int');
    const forms: Readonly<Record<string, DataSteps['vocabularyIndex']['form']>> = {
      int: 'integer',
      one_hot: 'columns',
      multi_hot: 'columns',
      binary: 'columns',
      count: 'columns',
    };
    const form = forms[mode];
    if (!form) a.reject('output_mode', 'This form of a lookup is not read');
    const unknowns = a.number('num_oov_indices', 1);
    if (unknowns > 1) a.reject('num_oov_indices', 'Several places of unknown values are not read');
    for (const odd of ['invert', 'idf_weights', 'pad_to_max_tokens', 'sparse'])
      if (a.given(odd) && !(a.value(odd)?.kind === 'boolean' && !a.boolean(odd, false)))
        a.reject(odd, `\`${odd}\` is not followed`);
    const settings: Omit<DataSteps['vocabularyIndex'], 'form'> = {
      vocabulary,
      unknowns,
      masks: a.given('mask_token'),
      limit: a.optionalNumber('max_tokens'),
    };
    return preparingLayer(call, a, name, (m, layer, rows) => {
      const adapted = layer.adapted;
      if (!vocabulary && !adapted) return unreadable('This lookup was not adapted to any rows', layer.range);
      const { steps } = m.program;
      const inputs = [...(vocabulary || !adapted ? [] : [asColumn(steps, adapted)]), asColumn(steps, rows)];
      const count = rows.shape?.[0] ?? null;
      const columns = form === 'columns' ? [vocabulary ? vocabulary.length + unknowns : null] : [];
      return dataStep(m, 'vocabularyIndex', { ...settings, form: form ?? 'integer' }, inputs, layer.range, {
        flavour: 'numpy',
        shape: [count, ...columns],
        integer: form === 'integer',
        columns: null,
      });
    });
  };

/** CategoryEncoding: 1 in the columns that whole numbers name. */
const encoding: Handler = (call) => {
  const a = new Arguments(call, 'num_tokens output_mode');
  const classes = a.size('num_tokens');
  const mode = a.string('output_mode', 'multi_hot');
  if (mode !== 'one_hot' && mode !== 'multi_hot' && mode !== 'binary') a.reject('output_mode', 'This form is not read');
  a.rejectOthers('sparse name dtype');
  return preparingLayer(call, a, 'category_encoding', (m, layer, rows) => {
    const width = rows.shape?.[1];
    const single = rows.shape?.length === 1 || width === 1;
    if (!single && mode === 'one_hot') return unreadable('One column for each of several numbers is not read', layer.range);
    const shape = [rows.shape?.[0] ?? null, classes];
    const column = single ? asColumn(m.program.steps, rows) : rows;
    const kind = { flavour: 'numpy', shape, integer: false, columns: null } as const;
    return single
      ? dataStep(m, 'oneHot', { classes }, [column], layer.range, kind)
      : dataStep(m, 'multiHot', { classes }, [column], layer.range, kind);
  });
};

const stringNames =
  'max_tokens num_oov_indices mask_token oov_token vocabulary idf_weights invert output_mode pad_to_max_tokens sparse encoding name';
const integerNames =
  'max_tokens num_oov_indices mask_token oov_token vocabulary vocabulary_dtype idf_weights invert output_mode sparse pad_to_max_tokens name';

/** Layers that number categories. */
export const kerasLookupTable: FunctionTable = Object.fromEntries(
  ['keras.layers', 'keras.layers.experimental.preprocessing'].flatMap((module): [string, Handler][] => [
    [`${module}.StringLookup`, lookup(stringNames, 'string_lookup')],
    [`${module}.IntegerLookup`, lookup(integerNames, 'integer_lookup')],
    [`${module}.CategoryEncoding`, encoding],
  ]),
);
