import { combineSizes, type Size } from '../../../graph/size';
import type { SourceRange } from '../../../records/source';
import type { Machine } from '../../interpret/machine';
import { faultOf } from '../../interpret/sharedNumbers';
import { axisSize, dataStep } from '../../interpret/tensors';
import type { Array, Loader } from '../../values/dataValues';
import type { BatchOrigin } from '../../values/trace';
import type { LoopContext, Value } from '../../values/value';
import { listValue, numberValue, tensorValue, unknown } from '../../values/value';

/** `len(loader)`: the batches of one pass. */
export function lengthOfLoader(m: Machine, loader: Loader): Value {
  const rows = loader.dataset.components[0];
  if (!rows) return unknown;
  if (loader.full) return numberValue(1, true);
  const batch = loader.batchSize.value;
  const count = axisSize(m, rows, 0);
  const whole: Size = loader.dropLast ? count : combineSizes('+', count, batch - 1);
  const batches = combineSizes('//', whole, batch);
  return typeof batches === 'number' ? numberValue(batches, true) : { kind: 'size', size: batches };
}

/** One batch of a loader: the rows of each of its tensors as nodes of the graph. */
export function rowsOfLoader(m: Machine, loader: Loader, loop: LoopContext): Value {
  loop.loader = loader;
  const batch: BatchOrigin | null = loader.full
    ? null
    : {
        sampling: loader.replacement ? 'replacement' : 'epochs',
        batchSize: loader.batchSize,
        shuffle: loader.shuffle,
        dropLast: loader.dropLast,
        range: loader.range,
        loop,
      };
  const rows = loader.dataset.components.map((component) => batchRows(m, component, batch));
  const { keys } = loader.dataset;
  if (keys) return { kind: 'dict', entries: new Map(keys.flatMap((key, i) => (rows[i] ? [[key, rows[i]] as const] : []))) };
  return loader.dataset.bare && rows[0] ? rows[0] : listValue(rows, 'list');
}

/** The rows of the first batch that a loader gives. */
export function firstRows(m: Machine, loader: Loader, range: SourceRange): Value {
  const { components, keys, bare } = loader.dataset;
  const [first] = components;
  const size = first ? axisSize(m, first, 0) : 0;
  const mixed = loader.shuffle.value && !loader.full;
  const seed = mixed ? m.drawSeed('torch') : null;
  const order = mixed ? dataStep(m, 'randomPermutation', { size, seed }, [], range, { shape: [size], integer: true }) : null;
  const count = loader.full ? null : loader.batchSize.value;
  const rows = components.map((component): Value => {
    const taken = order ? dataStep(m, 'takeRows', {}, [component, order], range) : component;
    const shape = component.shape && count !== null ? [count, ...component.shape.slice(1)] : component.shape;
    const known = typeof size === 'number' && count !== null && size < count ? [size, ...(shape ?? []).slice(1)] : shape;
    return dataStep(m, 'slice', { axis: 0, start: null, end: count, step: 1 }, [taken], range, {
      flavour: 'torch',
      shape: known,
    });
  });
  if (keys) return { kind: 'dict', entries: new Map(keys.flatMap((key, i) => (rows[i] ? [[key, rows[i]] as const] : []))) };
  return bare && rows[0] ? rows[0] : listValue(rows, 'list');
}

/** Rows of `array` in one pass. */
export function batchRows(m: Machine, array: Array, batch: BatchOrigin | null): Value {
  const fault = faultOf(m, array);
  return tensorValue(
    fault
      ? m.trace.opaque('changed data', [], array.range, fault)
      : m.trace.source(array.step, batch, array.shape, array.integer === true, array.range),
  );
}
