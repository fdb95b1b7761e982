import { diagonalMask } from '../tables/diagonals';
import { Arguments, numbersOf, sizeOf, type Call, type Handler } from '../../interpret/call';
import { constantOf } from '../../interpret/constants';
import { fromFront } from '../../interpret/shapes';
import { compareTensors, dataStep, graphOperation, isTensorLike, opaqueOperation } from '../../interpret/tensors';
import { none, numberValue, unknown, unreadable, type Value } from '../../values/value';
import { placeInData } from './reductions';
import { dataOf, valuesAndPlaces, type TensorOperation } from './tensorOperation';

const problemOf = (a: Arguments): Value | null => (a.problems[0] ? { kind: 'unknown', reason: a.problems[0] } : null);

/** `x.masked_fill(mask, value)`. */
const maskedFill: TensorOperation = {
  names: 'mask value',
  run: (x, a) => {
    const m = a.call.machine;
    const [mask, value] = [a.value('mask') ?? unknown, a.value('value') ?? unknown];
    if (x.kind === 'array' && mask.kind === 'array' && value.kind === 'number' && m.moduleDepth === 0) {
      const [numbers, chosen] = [constantOf(m, x), constantOf(m, mask)];
      if (numbers && chosen && numbers.shape.join() === chosen.shape.join()) {
        const values = numbers.values.map((old, i) => (chosen.values[i] ? value.value : old));
        return dataStep(m, 'literal', { shape: numbers.shape, values, integer: false }, [], a.call.range, {
          flavour: x.flavour,
          shape: numbers.shape,
          integer: false,
        });
      }
    }
    return graphOperation(m, 'where', {}, [mask, value, x], a.call.range);
  },
};

/** `torch.where(mask, a, b)`, and `x.where(mask, b)`. */
const where: Handler = (call) => {
  const a = new Arguments(call, 'condition input other');
  a.rejectOthers();
  if (!a.given('input') || !a.given('other')) return unreadable('Places where a condition holds are not read', call.range);
  const parts = ['condition', 'input', 'other'].map((name) => a.value(name) ?? unknown);
  const unread = parts.find((part) => part.kind === 'unknown');
  return problemOf(a) ?? unread ?? graphOperation(call.machine, 'where', {}, parts, call.range);
};

const whereMethod: TensorOperation = {
  names: 'condition other',
  run: (x, a) =>
    graphOperation(a.call.machine, 'where', {}, [a.value('condition') ?? unknown, x, a.value('other') ?? unknown], a.call.range),
};

const pairwise = (kind: 'maximum' | 'minimum'): TensorOperation => ({
  names: 'other',
  run: (x, a) => graphOperation(a.call.machine, kind, {}, [x, a.value('other') ?? unknown], a.call.range),
});

const logical = (name: 'and' | 'or'): TensorOperation => ({
  names: 'other',
  run: (x, a) => graphOperation(a.call.machine, 'logical', { function: name }, [x, a.value('other') ?? unknown], a.call.range),
});

const place = (kind: 'argMax' | 'argMin'): TensorOperation => ({
  names: 'dim keepdim',
  run: (x, a) => {
    const axis = a.optionalNumber(a.given('axis') ? 'axis' : 'dim');
    const keep = a.boolean('keepdim', false) || a.boolean('keepdims', false);
    const array = dataOf(x);
    if (array && a.call.machine.moduleDepth === 0) return problemOf(a) ?? placeInData(array, kind, a);
    return problemOf(a) ?? graphOperation(a.call.machine, kind, { axis, keep }, [x], a.call.range);
  },
});

/** More than that are not picked one by one. */
const mostPicked = 32;

/** The largest elements and where they stand. */
function ranked(x: Value, a: Arguments, count: number, axis: number, smallest: boolean): Value {
  const m = a.call.machine;
  if (!(count >= 1 && count <= mostPicked)) return opaqueOperation(m, 'topk', [x], a.call.range);
  const part = (which: 'values' | 'places'): Value =>
    graphOperation(m, 'largest', { count, axis, smallest, part: which }, [x], a.call.range);
  return valuesAndPlaces(part('values'), part('places'));
}

const topk: TensorOperation = {
  names: 'k dim largest sorted',
  run: (x, a) => {
    const [count, axis] = [a.number('k'), a.number('dim', -1)];
    const smallest = !a.boolean('largest', true);
    return problemOf(a) ?? ranked(x, a, count, axis, smallest);
  },
};

const sort: TensorOperation = {
  names: 'dim descending stable',
  run: (x, a) => {
    const axis = a.number('dim', -1);
    const descending = a.boolean('descending', false);
    const shape = x.kind === 'tensor' ? x.node.shape : null;
    const size = shape?.[fromFront(axis, shape.length)];
    if (problemOf(a) || typeof size !== 'number')
      return problemOf(a) ?? opaqueOperation(a.call.machine, 'sort', [x], a.call.range);
    return ranked(x, a, size, axis, !descending);
  },
};

const byPlaces = (kind: 'gather' | 'take'): TensorOperation => ({
  names: 'dim index sparse_grad',
  run: (x, a) => {
    const axis = a.number('dim');
    return problemOf(a) ?? graphOperation(a.call.machine, kind, { axis }, [x, a.value('index') ?? unknown], a.call.range);
  },
});

const scatterAdd: TensorOperation = {
  names: 'dim index src',
  run: (x, a) => {
    const axis = a.number('dim');
    const inputs = [x, a.value('index') ?? unknown, a.value('src') ?? unknown];
    return problemOf(a) ?? graphOperation(a.call.machine, 'scatterAdd', { axis }, inputs, a.call.range);
  },
};

const indexAdd: TensorOperation = {
  names: 'dim index source alpha',
  run: (x, a) => {
    const [axis, factor] = [a.number('dim'), a.number('alpha', 1)];
    const inputs = [x, a.value('index') ?? unknown, a.value('source') ?? unknown];
    return problemOf(a) ?? graphOperation(a.call.machine, 'indexAdd', { axis, factor }, inputs, a.call.range);
  },
};

/** `x.bool()`: true where it is not 0. */
export function asMask(x: Value, call: Call): Value {
  if (x.kind === 'array' && x.mask) return x;
  if (x.kind === 'tensor' && (x.node.kind === 'compare' || x.node.kind === 'logical')) return x;
  return isTensorLike(x) ? compareTensors(call.machine, '!=', x, numberValue(0), call.range) : x;
}

/** Zeros above or below a diagonal of the last two axes. */
const triangle = (part: 'lower' | 'upper'): TensorOperation => ({
  names: 'diagonal',
  run: (x, a) => {
    const m = a.call.machine;
    const diagonal = a.number('diagonal', 0);
    if (problemOf(a)) return problemOf(a) ?? unknown;
    const numbers = x.kind === 'array' ? constantOf(m, x) : null;
    if (x.kind !== 'array' || !numbers) return graphOperation(m, 'triangle', { diagonal, part }, [x], a.call.range);
    const [rows = 1, columns = 1] = numbers.shape.slice(-2);
    const values = numbers.values.map((value, i) => {
      const above = (i % columns) - (Math.floor(i / columns) % rows);
      return (part === 'lower' ? above <= diagonal : above >= diagonal) ? value : 0;
    });
    const integer = x.integer === true;
    return dataStep(m, 'literal', { shape: numbers.shape, values, integer }, [], a.call.range, {
      flavour: x.flavour,
      shape: numbers.shape,
      integer,
      mask: x.mask,
    });
  },
});

/** Operations that choose elements, by their names as methods and functions. */
export const selectionOperations: Readonly<Record<string, TensorOperation>> = {
  cumprod: {
    names: 'dim',
    run: (x, a) => {
      const numbers = x.kind === 'array' ? constantOf(a.call.machine, x) : null;
      if (x.kind !== 'array' || numbers?.shape.length !== 1) return opaqueOperation(a.call.machine, 'cumprod', [x], a.call.range);
      let product = 1;
      const values = numbers.values.map((value) => (product *= value));
      return dataStep(a.call.machine, 'literal', { shape: numbers.shape, values, integer: numbers.integer }, [], a.call.range, {
        flavour: x.flavour,
        shape: numbers.shape,
        integer: numbers.integer,
      });
    },
  },
  masked_fill: maskedFill,
  where: whereMethod,
  maximum: pairwise('maximum'),
  minimum: pairwise('minimum'),
  fmax: pairwise('maximum'),
  fmin: pairwise('minimum'),
  logical_and: logical('and'),
  logical_or: logical('or'),
  logical_not: {
    names: '',
    run: (x, a) => graphOperation(a.call.machine, 'logical', { function: 'not' }, [x], a.call.range),
  },
  argmax: place('argMax'),
  argmin: place('argMin'),
  topk,
  sort,
  gather: byPlaces('gather'),
  index_select: byPlaces('take'),
  scatter_add: scatterAdd,
  index_add: indexAdd,
  take_along_dim: {
    names: 'indices dim',
    run: (x, a) => {
      const axis = a.number('dim');
      return problemOf(a) ?? graphOperation(a.call.machine, 'gather', { axis }, [x, a.value('indices') ?? unknown], a.call.range);
    },
  },
  bool: { names: '', run: (x, a) => asMask(x, a.call) },
  tril: triangle('lower'),
  triu: triangle('upper'),
};

/** Functions of torch that choose elements and do not take the tensor first. */
export const selectionFunctions: Readonly<Record<string, Handler>> = {
  'torch.where': where,
  'torch.eye': (call) => {
    const a = new Arguments(call, 'n m');
    const size = a.given('m') ? null : sizeOf(a.value('n'));
    const type = a.value('dtype');
    const isMask = type?.kind === 'external' && type.path === 'torch.bool';
    if (size !== null && typeof size !== 'number') {
      const mask = diagonalMask(size, call);
      return isMask ? mask : graphOperation(call.machine, 'cast', { to: 'float' }, [mask], call.range);
    }
    const rows = a.number('n');
    const columns = a.number('m', rows);
    if (a.problems[0] || rows * columns > 2 ** 18) return problemOf(a) ?? unreadable('This matrix is too large', call.range);
    const values = Array.from({ length: rows * columns }, (_, i) => Number(Math.floor(i / columns) === i % columns));
    const shape = [rows, columns];
    return dataStep(call.machine, 'literal', { shape, values, integer: false }, [], call.range, {
      flavour: 'torch',
      shape,
      integer: false,
    });
  },
  'torch.nn.Transformer.generate_square_subsequent_mask': (call) => causalMask(call),
  'torch.nn.modules.transformer.Transformer.generate_square_subsequent_mask': (call) => causalMask(call),
};

/** Zeros below the diagonal and minus infinity above it. */
function causalMask(call: Call): Value {
  const size = numbersOf(call.positional[0]?.value ?? call.keywords.get('sz')?.value ?? none)?.[0];
  if (size === undefined || !(size >= 1 && size <= 512)) return unreadable('The size of this mask could not be read', call.range);
  const values = Array.from({ length: size * size }, (_, i) => (i % size > Math.floor(i / size) ? -Infinity : 0));
  return dataStep(call.machine, 'literal', { shape: [size, size], values, integer: false }, [], call.range, {
    flavour: 'torch',
    shape: [size, size],
    integer: false,
  });
}
