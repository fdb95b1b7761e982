import type { Random } from '../../base/random';
import { ok } from '../../base/result';
import type { Size } from '../../graph/size';
import type { Execute, StepContext } from '../context';
import type { Outcome } from '../fault';
import { fittingShape } from '../memory';
import { arrayOf, asIntegers, sizeOf, sourceLineage, type ArrayValue } from '../values';

/** Numbers that stand in the script. */
export const executeLiteral: Execute<'literal'> = ({ shape, values, integer }) =>
  ok(made(shape, integer ? asIntegers(Float64Array.from(values)) : Float64Array.from(values)));

/** Normal numbers of the script's distribution, from our own stream. */
export const executeRandomNormal: Execute<'randomNormal'> = ({ shape, seed, mean, deviation }, _inputs, context) =>
  draw(shape, seed, context, (random) => random.normal(mean, deviation));

/** Uniform numbers in [low, high). */
export const executeRandomUniform: Execute<'randomUniform'> = ({ shape, seed, low, high }, _inputs, context) =>
  draw(shape, seed, context, (random) => random.uniform(low, high));

/** Integers in [low, high). */
export const executeRandomInteger: Execute<'randomInteger'> = ({ shape, seed, low, high }, _inputs, context) => {
  const drawn = draw(shape, seed, context, (random) => low + random.integer(high - low));
  return drawn.ok
    ? ok({ ...drawn.value, tensor: { ...drawn.value.tensor, values: asIntegers(drawn.value.tensor.values as Float64Array) } })
    : drawn;
};

/** 0 … size-1 in random order. */
export const executeRandomPermutation: Execute<'randomPermutation'> = ({ size, seed }, _inputs, context) => {
  const count = context.size(size);
  return count.ok ? ok(arrayOf([count.value], context.selection(seed).permutation(count.value))) : count;
};

/** 0 … size-1 in NumPy's order for the seed. */
export const executeShuffledOrder: Execute<'shuffledOrder'> = ({ size, seed }, _inputs, context) => {
  const count = context.size(size);
  return count.ok ? ok(arrayOf([count.value], context.numpySelection(seed).permutation(count.value))) : count;
};

/** `count` numbers from start to end, both included. */
export const executeLinspace: Execute<'linspace'> = ({ start, end, count }, _inputs, context) => {
  const bound = bindShape([count], context);
  if (!bound.ok) return bound;
  const length = bound.value[0] as number;
  const step = length > 1 ? (end - start) / (length - 1) : 0;
  return ok(
    made(
      [length],
      Float64Array.from({ length }, (_, i) => (i === length - 1 && i > 0 ? end : start + i * step)),
    ),
  );
};

/** start, start + step, … before end. */
export const executeArange: Execute<'arange'> = ({ start, end, step }, _inputs, context) => {
  const last = context.size(end);
  if (!last.ok) return last;
  const bound = bindShape([Math.max(0, Math.ceil((last.value - start) / step))], context);
  if (!bound.ok) return bound;
  const values = Float64Array.from({ length: bound.value[0] as number }, (_, i) => start + i * step);
  const integer = [start, step, last.value].every(Number.isInteger);
  return ok(made([values.length], integer ? asIntegers(values) : values));
};

/** A size as a number. */
export const executeSizeNumber: Execute<'sizeNumber'> = ({ size }, _inputs, context) => {
  const bound = context.size(size);
  return bound.ok ? ok(arrayOf([], Float64Array.of(bound.value))) : bound;
};

/** One value everywhere: zeros, ones, full. */
export const executeFilled: Execute<'filled'> = ({ shape, value }, _inputs, context) => {
  const bound = bindShape(shape, context);
  return bound.ok ? ok(made(bound.value, new Float64Array(sizeOf(bound.value)).fill(value))) : bound;
};

/** Numbers of a shape; an unknown symbol, a size that is none, or more than the bound on memory, is a fault. */
export function bindShape(shape: readonly Size[], context: StepContext): Outcome<number[]> {
  const bound: number[] = [];
  for (const size of shape) {
    const value = context.size(size);
    if (!value.ok) return value;
    bound.push(Math.trunc(value.value));
  }
  return fittingShape(bound, context);
}

function draw(
  shape: readonly Size[],
  seed: number | null,
  context: StepContext,
  next: (random: Random) => number,
): Outcome<ArrayValue> {
  const bound = bindShape(shape, context);
  if (!bound.ok) return bound;
  const random = context.generator(seed);
  const values = new Float64Array(sizeOf(bound.value));
  for (let i = 0; i < values.length; i++) values[i] = next(random);
  return ok(made(bound.value, values));
}

/** An array that the script makes is its own source of rows. */
const made = (shape: readonly number[], values: ArrayValue['tensor']['values']): ArrayValue =>
  arrayOf(shape, values, shape.length > 0 ? sourceLineage(shape[0] as number) : {});
