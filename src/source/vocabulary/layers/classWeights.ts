import { Arguments, type Call, type Handler } from '../../interpret/call';
import { dataStep, tensorBinary } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

/** Weights of all classes in the order of their numbers, kept as a dictionary: `dict(enumerate(weights))`. */
export function numberedWeights(weights: DataArray): Value {
  return {
    kind: 'namespace',
    entries: new Map<string, Value>([['__classWeights', weights]]),
    missing: '`%` of these weights is not read',
  };
}

/** The weights of all classes behind such a dictionary, or an array of them; null for other values. */
export function weightsByNumber(value: Value): DataArray | null {
  if (value.kind === 'array') return value;
  const kept = value.kind === 'namespace' ? value.entries.get('__classWeights') : undefined;
  return kept?.kind === 'array' ? kept : null;
}

/** The weights that `dict(...)` of an iterator keeps: of `enumerate(weights)` and `zip(classes, weights)`; null for others. */
export function weightsIn(value: Value): DataArray | null {
  if (value.kind !== 'iterator') return null;
  if (value.wrap === 'enumerate' && value.of.kind === 'array' && value.start === 0) return value.of;
  const [weights] = value.others;
  return value.wrap === 'zip' && namesClasses(value.of) && value.others.length === 1 && weights?.kind === 'array'
    ? weights
    : null;
}

/** The different values of an array in their order, or the numbers from 0 on. */
const namesClasses = (value: Value): boolean =>
  value.kind === 'array' ||
  value.kind === 'iterator' ||
  (value.kind === 'list' && value.items.every((item, i) => item.kind === 'number' && item.value === i));

/** rows / (classes · rows of the class) for each class: what scikit-learn calls balanced. */
function balanced(classes: DataArray, call: Call): DataArray | Value {
  const m = call.machine;
  const numbers = dataStep(m, 'encodeLabels', { order: 'sorted' }, [classes], call.range, { flavour: 'numpy', integer: true });
  const marks = dataStep(m, 'oneHot', { classes: null }, [numbers], call.range, { shape: null, integer: false });
  const sum = { function: 'sum', keep: false, correction: 0 } as const;
  const counts = dataStep(m, 'reduce', { ...sum, axis: 0 }, [marks], call.range, { shape: [null], integer: false });
  const rows = dataStep(m, 'reduce', { ...sum, axis: 0 }, [counts], call.range, { shape: [], integer: false });
  const shares = tensorBinary(m, '/', counts, rows, call.range);
  const size = { kind: 'size', size: m.program.symbol(numbers.step, { kind: 'unique' }) } as const;
  const products = tensorBinary(m, '*', shares, size, call.range);
  const one = dataStep(m, 'literal', { shape: [], values: [1], integer: false }, [], call.range, { shape: [], integer: false });
  return tensorBinary(m, '/', one, products, call.range);
}

const ofClasses: Handler = (call) => {
  const a = new Arguments(call, 'class_weight classes y');
  const [way, y] = [a.value('class_weight'), a.value('y') ?? unknown];
  if (y.kind !== 'array')
    return y.kind === 'unknown' ? y : unreadable('The classes of these weights could not be read', call.range);
  if (way?.kind !== 'string' || way.value !== 'balanced') return unreadable('These class weights could not be read', call.range);
  return balanced(y, call);
};

const ofRows: Handler = (call) => {
  const weights = ofClasses({ ...call, keywords: new Map(call.keywords), positional: [] });
  const y = call.keywords.get('y')?.value ?? call.positional[1]?.value;
  if (weights.kind !== 'array' || y?.kind !== 'array') return weights;
  const numbers = dataStep(call.machine, 'encodeLabels', { order: 'sorted' }, [y], call.range, {
    flavour: 'numpy',
    integer: true,
  });
  return dataStep(call.machine, 'takeRows', {}, [weights, numbers], call.range, { shape: y.shape });
};

/** scikit-learn's weights of classes. */
export const classWeightTable: FunctionTable = {
  'sklearn.utils.class_weight.compute_class_weight': ofClasses,
  'sklearn.utils.compute_class_weight': ofClasses,
  'sklearn.utils.class_weight.compute_sample_weight': ofRows,
  'sklearn.utils.compute_sample_weight': ofRows,
};
