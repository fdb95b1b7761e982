import type { ColumnTransform } from '../../../records/columnTransforms';
import type { Size } from '../../../graph/size';
import { Arguments, type Call } from '../../interpret/call';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { stringValue, unreadable, type NamespaceValue, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { asTensor } from '../tables/tables';

/** The settings of a transformer from the call that makes it; null where they are not read. */
type Settings = (call: Call) => ColumnTransform | null;

const scores: Readonly<Record<string, 'f_classif' | 'f_regression' | 'chi2'>> = {
  f_classif: 'f_classif',
  f_regression: 'f_regression',
  chi2: 'chi2',
};

const bestColumns: Settings = (call) => {
  const a = new Arguments(call, 'score_func k');
  const given = a.value('score_func');
  const score = scores[given?.kind === 'external' ? (given.path.split('.').pop() ?? '') : given ? '' : 'f_classif'];
  const k = a.value('k');
  const count = k?.kind === 'string' && k.value === 'all' ? null : a.number('k', 10);
  return score && a.problems.length === 0 ? { form: 'best', score, count } : null;
};

const principalComponents: Settings = (call) => {
  const a = new Arguments(call, 'n_components');
  a.rejectOthers('whiten copy svd_solver random_state tol iterated_power');
  const given = a.value('n_components');
  const number = given && given.kind !== 'none' ? a.number('n_components') : null;
  if (a.problems.length > 0) return null;
  const isShare = number !== null && number > 0 && number < 1;
  return {
    form: 'principal',
    count: isShare ? null : number,
    share: isShare ? number : null,
    whiten: a.boolean('whiten', false),
  };
};

const transforms: Readonly<Record<string, Settings>> = {
  'decomposition.PCA': principalComponents,
  'feature_selection.SelectKBest': bestColumns,
  'feature_selection.VarianceThreshold': (call) => {
    const a = new Arguments(call, 'threshold');
    const threshold = a.number('threshold', 0);
    return a.problems.length > 0 ? null : { form: 'varying', threshold };
  },
  'preprocessing.KBinsDiscretizer': (call) => {
    const a = new Arguments(call, 'n_bins');
    const by = a.string('strategy', 'quantile');
    const encode = a.string('encode', 'onehot');
    const count = a.number('n_bins', 5);
    a.rejectOthers('n_bins strategy encode subsample random_state dtype');
    const known = (by === 'uniform' || by === 'quantile') && ['onehot', 'onehot-dense', 'ordinal'].includes(encode);
    return known && a.problems.length === 0
      ? { form: 'bins', count, by, encode: encode === 'ordinal' ? 'ordinal' : 'oneHot' }
      : null;
  },
  'preprocessing.QuantileTransformer': (call) => {
    const a = new Arguments(call, '');
    const output = a.string('output_distribution', 'uniform');
    const count = a.number('n_quantiles', 1000);
    const known = output === 'uniform' || output === 'normal';
    return known && a.problems.length === 0 && count > 1 ? { form: 'ranks', count, normal: output === 'normal' } : null;
  },
  'preprocessing.PowerTransformer': (call) => {
    const a = new Arguments(call, 'method');
    const method = a.string('method', 'yeo-johnson');
    const standardize = a.boolean('standardize', true);
    return (method === 'yeo-johnson' || method === 'box-cox') && a.problems.length === 0
      ? { form: 'powers', method, standardize }
      : null;
  },
};

/** The entry that names the transformer of a step. */
const transformName = '__columnTransform';

const made = (name: string, call: Call): Value => ({
  kind: 'namespace',
  entries: new Map<string, Value>([
    ['__transformer', stringValue('fitted')],
    [transformName, stringValue(name)],
  ]),
  missing: '`%` of this step is not read',
  call,
});

/** Transformers that make other columns of rows than those they are fitted on. */
export const columnTransformTable: FunctionTable = Object.fromEntries(
  Object.keys(transforms).map((name) => [`sklearn.${name}`, (call: Call): Value => made(name, call)]),
);

/** What a transformer that is fitted on some rows, with their labels, makes of others. */
export function columnsMade(
  step: NamespaceValue,
  { fitted, labels }: { readonly fitted: DataArray; readonly labels: DataArray | null },
  rows: DataArray,
  call: Call,
): Value {
  const name = step.entries.get(transformName);
  const settings = name?.kind === 'string' && step.call ? transforms[name.value] : undefined;
  const transform = settings && step.call ? settings(step.call) : null;
  if (!transform) return unreadable('These settings of the step are not read', step.call?.range ?? call.range);
  const isBest = transform.form === 'best';
  if (isBest && !labels) return unreadable('The labels that these columns are chosen by could not be read', call.range);
  const classes = { integer: true, flavour: 'numpy', columns: null } as const;
  const targets = isBest && labels ? [labels] : [];
  const chosenBy = targets.map((array) =>
    isBest && transform.score !== 'f_regression'
      ? dataStep(call.machine, 'encodeLabels', { order: 'sorted' }, [array], call.range, classes)
      : asTensor(array, call),
  );
  const inputs = [asTensor(fitted, call), asTensor(rows, call), ...chosenBy];
  return dataStep(call.machine, 'transformColumns', transform, inputs, call.range, {
    flavour: 'numpy',
    integer: false,
    mask: false,
    columns: null,
    loop: null,
    shape: [rows.shape?.[0] ?? null, widthAfter(transform, rows.shape?.[1] ?? null)],
  });
}

/** How many columns there are afterwards, where the script says it. */
function widthAfter(transform: ColumnTransform, width: Size | null): Size | null {
  if (transform.form === 'ranks' || transform.form === 'powers') return width;
  if (transform.form === 'bins') return transform.encode === 'ordinal' ? width : null;
  return transform.form === 'principal' || transform.form === 'best' ? transform.count : null;
}
