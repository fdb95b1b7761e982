import type { Size } from '../../../graph/size';
import { Arguments, sizeOf, type Call, type Handler } from '../../interpret/call';
import { shuffleRows } from '../../interpret/shuffledRows';
import { dataStep, tensorBinary } from '../../interpret/tensors';
import { listValue, none, numberValue, unreadable, type Value } from '../../values/value';
import { orderDrawn, permutation } from '../tensors/torchRandom';
import { madeOf } from '../tensors/torchTensors';
import { shapeArgument } from './arrayShape';

const failure = (text: string, call: Call): Value => unreadable(text, call.range);

const random = (call: Call, shape: Size[] | null, make: 'randomNormal' | 'randomUniform', a: number, b: number): Value => {
  const m = call.machine;
  if (!shape || Number.isNaN(a) || Number.isNaN(b)) return failure('The shape could not be read', call);
  const result = { shape, integer: false, loop: m.currentLoop?.id ?? null };
  if (make === 'randomNormal')
    return dataStep(m, make, { shape, seed: m.seeds.numpy, mean: a, deviation: b }, [], call.range, result);
  return dataStep(m, make, { shape, seed: m.seeds.numpy, low: a, high: b }, [], call.range, result);
};

const isSeveral = (value: Value | null): boolean => value?.kind === 'list' || value?.kind === 'array';

const asNumbers = (value: Value, call: Call): Value => (value.kind === 'list' ? madeOf(value, 'float', 'numpy', call) : value);

/** NumPy's generators, as functions and as methods of `default_rng` and `RandomState`. */
export const randomFunctions: Readonly<Record<string, Handler>> = {
  rand: (call) => random(call, shapeArgument(listValue(call.positional.map((p) => p.value))), 'randomUniform', 0, 1),
  random: (call) =>
    random(call, shapeArgument(call.positional[0]?.value ?? call.keywords.get('size')?.value ?? null), 'randomUniform', 0, 1),
  random_sample: (call) =>
    random(call, shapeArgument(call.positional[0]?.value ?? call.keywords.get('size')?.value ?? null), 'randomUniform', 0, 1),
  randn: (call) => random(call, shapeArgument(listValue(call.positional.map((p) => p.value))), 'randomNormal', 0, 1),
  standard_normal: (call) =>
    random(call, shapeArgument(call.positional[0]?.value ?? call.keywords.get('size')?.value ?? null), 'randomNormal', 0, 1),
  normal: (call) => {
    const a = new Arguments(call, 'loc scale size');
    const [loc, scale] = [a.value('loc'), a.value('scale')];
    const shape = shapeArgument(a.value('size'));
    if (!isSeveral(loc) && !isSeveral(scale))
      return random(call, shape, 'randomNormal', a.number('loc', 0), a.number('scale', 1));
    if (!a.given('size')) return failure('The shape could not be read', call);
    const drawn = random(call, shape, 'randomNormal', 0, 1);
    const spread = tensorBinary(call.machine, '*', drawn, asNumbers(scale ?? numberValue(1), call), call.range);
    return tensorBinary(call.machine, '+', spread, asNumbers(loc ?? numberValue(0), call), call.range);
  },
  uniform: (call) => {
    const a = new Arguments(call, 'low high size');
    return random(call, shapeArgument(a.value('size')), 'randomUniform', a.number('low', 0), a.number('high', 1));
  },
  randint: (call) => {
    const a = new Arguments(call, 'low high size');
    const two = a.given('high');
    const shape = shapeArgument(a.value('size'));
    const high = sizeOf(a.value(two ? 'high' : 'low'));
    if (!shape || high === null) return failure('The shape could not be read', call);
    const args = {
      shape,
      seed: call.machine.seeds.numpy,
      low: two ? a.number('low') : 0,
      high: typeof high === 'number' ? high : Number.NaN,
    };
    return dataStep(call.machine, 'randomInteger', args, [], call.range, {
      shape,
      integer: true,
      loop: call.machine.currentLoop?.id ?? null,
    });
  },
  choice: (call) => {
    const a = new Arguments(call, 'a size replace');
    const high = sizeOf(a.value('a')) ?? null;
    const shape = shapeArgument(a.value('size'));
    if (!shape || high === null) return failure('How this is drawn could not be read', call);
    const args = { shape, seed: call.machine.seeds.numpy, low: 0, high: typeof high === 'number' ? high : Number.NaN };
    return dataStep(call.machine, 'randomInteger', args, [], call.range, {
      shape,
      integer: true,
      loop: call.machine.currentLoop?.id ?? null,
    });
  },
  permutation: permutation('numpy'),
  shuffle: (call) => {
    const value = call.positional[0]?.value;
    if (value?.kind === 'list') value.shuffled = !shuffleRows(call.machine, value, call.range);
    if (value?.kind !== 'array') return none;
    const m = call.machine;
    const size = value.shape?.[0] ?? m.program.symbol(value.step, { kind: 'size', axis: 0 });
    const order = dataStep(m, orderDrawn('numpy', m), { size, seed: m.drawSeed('numpy') }, [], call.range, {
      shape: [size],
      integer: true,
    });
    // Shuffled in place: the positions 0 … n-1 in a new order are a permutation themselves.
    const positions = m.program.steps[value.step]?.kind === 'arange';
    value.step = positions ? order.step : dataStep(m, 'takeRows', {}, [value, order], call.range).step;
    return none;
  },
  seed: (call) => {
    const seed = call.positional[0]?.value;
    if (seed?.kind === 'number') call.machine.seeds.numpy = seed.value;
    return none;
  },
};
