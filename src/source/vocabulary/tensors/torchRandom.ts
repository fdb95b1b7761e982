import type { Size } from '../../../graph/size';
import { Arguments, sizeOf, type Call, type Handler } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import { isShapeKnown } from '../../interpret/shapes';
import { dataStep } from '../../interpret/tensors';
import { numberValue, parameterOf, tensorValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { fullShape, loopOf, noShape, patternOf, patternOfShape, shapeOf } from './tensorPatterns';
import { madeOf, withGradient } from './torchTensors';

/** Random numbers of another tensor's shape. */
const freshLike =
  (distribution: 'normal' | 'uniform'): Handler =>
  (call) => {
    const m = call.machine;
    const pattern = patternOf(call);
    // Before the training, numbers in the shape of a parameter are for its first values.
    if (pattern.kind === 'tensor' && !(parameterOf(pattern) && m.loops.length === 0))
      return tensorValue(m.trace.add('noise', { distribution, shape: null, call: 0 }, [pattern.node], call.range));
    const shape = fullShape(pattern);
    if (!shape) return noShape(call);
    const result = { flavour: 'torch', shape, integer: false, loop: loopOf(call) } as const;
    const seed = m.seeds.torch;
    return distribution === 'normal'
      ? dataStep(m, 'randomNormal', { shape, seed, mean: 0, deviation: 1 }, [], call.range, result)
      : dataStep(m, 'randomUniform', { shape, seed, low: 0, high: 1 }, [], call.range, result);
  };

const normal: Handler = (call) => {
  const pattern = patternOfShape(call);
  if (pattern) return freshLike('normal')({ ...call, positional: [{ value: pattern, range: call.range }], keywords: new Map() });
  const shape = shapeOf(call, 0);
  if (!shape) return noShape(call);
  const m = call.machine;
  const made = dataStep(m, 'randomNormal', { shape, seed: m.seeds.torch, mean: 0, deviation: 1 }, [], call.range, {
    flavour: 'torch',
    shape,
    integer: false,
    loop: loopOf(call),
  });
  return withGradient(made, new Arguments(call, ''));
};

const uniform: Handler = (call) => {
  const pattern = patternOfShape(call);
  if (pattern) return freshLike('uniform')({ ...call, positional: [{ value: pattern, range: call.range }], keywords: new Map() });
  const shape = shapeOf(call, 0);
  if (!shape) return noShape(call);
  const m = call.machine;
  const made = dataStep(m, 'randomUniform', { shape, seed: m.seeds.torch, low: 0, high: 1 }, [], call.range, {
    flavour: 'torch',
    shape,
    integer: false,
    loop: loopOf(call),
  });
  return withGradient(made, new Arguments(call, ''));
};

/** `torch.normal(mean, std)` where one of the two is data: standard normal numbers of its shape, scaled and moved. */
function normalAround(mean: Value, deviation: Value, call: Call): Value {
  const m = call.machine;
  const shape = [mean, deviation].map(fullShape).find((s) => s !== null && s.length > 0);
  if (!shape) return noShape(call);
  const result = { flavour: 'torch', shape, integer: false } as const;
  const args = { shape, seed: m.seeds.torch, mean: 0, deviation: 1 };
  const drawn = dataStep(m, 'randomNormal', args, [], call.range, { ...result, loop: loopOf(call) });
  const given = (value: Value): Value => (value.kind === 'number' ? madeOf(value, 'float', 'torch', call) : value);
  const [scale, offset] = [given(deviation), given(mean)];
  if (scale.kind !== 'array' || offset.kind !== 'array') return unreadable('These moments could not be read', call.range);
  const scaled = dataStep(m, 'multiply', {}, [drawn, scale], call.range, result);
  return dataStep(m, 'add', {}, [scaled, offset], call.range, result);
}

const normalWithMoments: Handler = (call) => {
  const a = new Arguments(call, 'mean std size');
  const size = a.value('size');
  const [first, second] = [a.value('mean') ?? numberValue(0), a.value('std') ?? numberValue(1)];
  if (first.kind === 'array' || second.kind === 'array') return normalAround(first, second, call);
  const shape = size ? shapeOf({ ...call, positional: [{ value: size, range: call.range }], keywords: new Map() }, 0) : [];
  const mean = a.number('mean', 0);
  const deviation = a.number('std', 1);
  if (!shape || a.problems[0]) return noShape(call);
  const m = call.machine;
  const made = dataStep(m, 'randomNormal', { shape, seed: m.seeds.torch, mean, deviation }, [], call.range, {
    flavour: 'torch',
    shape,
    integer: false,
    loop: loopOf(call),
  });
  return withGradient(made, a);
};

const randint: Handler = (call) => {
  const two = call.positional.length >= 3 || (call.positional.length === 2 && call.keywords.has('size'));
  const a = new Arguments(call, two ? 'low high size' : 'high size');
  const low = two ? a.number('low') : a.number('low', 0);
  const high = a.size('high');
  const size = a.value('size');
  const shape =
    size?.kind === 'shape'
      ? isShapeKnown(size)
        ? size.sizes
        : null
      : size
        ? size.kind === 'list'
          ? size.items.map(sizeOf)
          : [sizeOf(size)]
        : null;
  if (!shape || shape.some((s) => s === null)) return noShape(call);
  const m = call.machine;
  const args = { shape: shape as Size[], seed: m.seeds.torch, low, high: typeof high === 'number' ? high : Number.NaN };
  return dataStep(m, 'randomInteger', args, [], call.range, {
    flavour: 'torch',
    shape: args.shape,
    integer: true,
    loop: loopOf(call),
    highest: typeof high === 'number' ? numberValue(high) : { kind: 'size', size: high },
  });
};

/** NumPy's own order for the seed where it is drawn once; in a loop, one that each pass draws anew. */
export const orderDrawn = (library: 'torch' | 'numpy', m: Machine): 'shuffledOrder' | 'randomPermutation' =>
  library === 'numpy' && m.loops.length === 0 && m.seeds.numpy !== null ? 'shuffledOrder' : 'randomPermutation';

/** `torch.randperm(n)` and `np.random.permutation(x)`. */
export const permutation =
  (library: 'torch' | 'numpy'): Handler =>
  (call) => {
    const first = call.positional[0]?.value ?? call.keywords.get('n')?.value ?? unknown;
    const m = call.machine;
    if (first.kind === 'array') {
      const size = first.shape?.[0] ?? m.program.symbol(first.step, { kind: 'size', axis: 0 });
      const order = dataStep(m, orderDrawn(library, m), { size, seed: m.drawSeed(library) }, [], call.range, {
        shape: [size],
        integer: true,
      });
      return dataStep(m, 'takeRows', {}, [first, order], call.range, { shape: first.shape });
    }
    const size = sizeOf(first);
    if (size === null) return unreadable('The length of this permutation could not be read', call.range);
    // A permutation made in each epoch is how batches are shuffled by hand: it is not a fresh draw of rows.
    const shape = [size];
    const inBatches = m.currentLoop?.batches ?? false;
    return dataStep(m, orderDrawn(library, m), { size, seed: m.drawSeed(library) }, [], call.range, {
      flavour: library,
      shape,
      integer: true,
      loop: inBatches ? loopOf(call) : null,
    });
  };

/** Random tensors of `torch`. */
export const torchRandom: FunctionTable = {
  'torch.randn': normal,
  'torch.rand': uniform,
  'torch.normal': normalWithMoments,
  'torch.randint': randint,
  'torch.randperm': permutation('torch'),
  'torch.randn_like': freshLike('normal'),
  'torch.rand_like': freshLike('uniform'),
};
