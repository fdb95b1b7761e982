import { callValue } from '../../interpret/calls';
import { Arguments, type Argument, type Call, type Handler } from '../../interpret/call';
import { graphOperation, tensorBinary } from '../../interpret/tensors';
import { numberValue, unknown, type Value } from '../../values/value';
import { composedLayer } from './composedLayer';
import type { FunctionTable } from '../functionTable';
import { reduction } from './lossArguments';
import { mathematicalOperations } from '../tensors/tensorFunctions';
import { asFunction } from '../tensors/tensorOperations';

const points = ['anchor', 'positive', 'negative'];
const settings = 'distance_function margin swap reduction';

/** max(d(anchor, positive) - d(anchor, negative) + margin, 0) with a distance of the script's own. */
function tripletLoss(a: Arguments, given: Arguments, call: Call): Value {
  const { machine: m, range } = call;
  const measure = a.given('distance_function') ? a.value('distance_function') : null;
  const [margin, swap, how] = [a.number('margin', 1), a.boolean('swap', false), reduction(a)];
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  const distance = (x: Value, y: Value): Value => {
    const both = { ...call, positional: [x, y].map((value) => ({ value, range })), keywords: new Map<string, Argument>() };
    const usual = mathematicalOperations['pairwise_distance'];
    return measure ? callValue(m, measure, both) : usual ? asFunction(usual, both) : unknown;
  };
  const [anchor = unknown, positive = unknown, negative = unknown] = points.map((name) => given.value(name) ?? unknown);
  const far = distance(anchor, negative);
  const apart = swap ? graphOperation(m, 'minimum', {}, [far, distance(positive, negative)], range) : far;
  const order = tensorBinary(m, '-', distance(anchor, positive), apart, range);
  const rows = graphOperation(
    m,
    'clamp',
    { low: 0, high: null },
    [tensorBinary(m, '+', order, numberValue(margin), range)],
    range,
  );
  return how === 'none' ? rows : graphOperation(m, how, { axes: null, keep: false }, [rows], range);
}

const asLayer: Handler = (call) => {
  const a = new Arguments(call, settings);
  return composedLayer('torch.nn.TripletMarginWithDistanceLoss', a, {}, {}, (_layer, applied) =>
    tripletLoss(a, new Arguments(applied, points.join(' ')), applied),
  );
};

const asLossFunction: Handler = (call) => {
  const a = new Arguments(call, [...points, settings].join(' '));
  return tripletLoss(a, a, call);
};

/** The triplet loss whose distance the script gives, as a layer and as a function. */
export const tripletTable: FunctionTable = {
  'torch.nn.TripletMarginWithDistanceLoss': asLayer,
  'torch.nn.functional.triplet_margin_with_distance_loss': asLossFunction,
};
