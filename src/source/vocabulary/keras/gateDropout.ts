import type { SourceRange } from '../../../records/source';
import type { Arguments } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import type { KerasLayer } from '../../values/estimators';
import type { TraceNode } from '../../values/trace';

interface Thinning {
  readonly gates: number;
  readonly units: number;
  readonly p: number;
  readonly loopP: number;
  readonly layer: KerasLayer;
  readonly a: Arguments;
}

/** With `recurrent_dropout`, Keras draws what is dropped of the state and of the input for each gate, once for all times. */
export function gateFactors(m: Machine, x: TraceNode, { gates: count, units, p, loopP, layer, a }: Thinning) {
  const { range } = layer;
  const drop = (ones: TraceNode, share: number, place: SourceRange): TraceNode =>
    m.trace.add('dropout', { p: share, call: 0 }, [ones], range, { places: { p: place } });
  const state = drop(onesOfState(m, x, count * units, range), loopP, a.place('recurrent_dropout'));
  if (p === 0) return { modifiers: ['stateFactors'], nodes: [state] } as const;
  const input = drop(onesOfInput(m, x, count, range), p, a.place('dropout'));
  return { modifiers: ['stateFactors', 'inputFactors'], nodes: [state, input] } as const;
}

/** The mean of `x` over some axes, times zero: as many rows as `x` has, and nothing else of it. */
function zeroOf(m: Machine, x: TraceNode, axes: readonly number[], range: SourceRange): TraceNode {
  const size = m.trace.add('mean', { axes, keep: false }, [x], range);
  return m.trace.add('multiply', {}, [size, m.trace.constant(0, range)], range);
}

/** Ones of shape [rows, width]. */
function onesOfState(m: Machine, x: TraceNode, width: number, range: SourceRange): TraceNode {
  const column = m.trace.add('unsqueeze', { axis: 1 }, [zeroOf(m, x, [1, 2], range)], range);
  const values = new Array<number>(width).fill(1);
  const row = m.trace.add('values', { shape: [1, width], values, type: 'float' }, [], range);
  return m.trace.add('add', {}, [column, row], range);
}

/** Ones of shape [rows, gates · features]. */
function onesOfInput(m: Machine, x: TraceNode, count: number, range: SourceRange): TraceNode {
  const ones = m.trace.add('add', {}, [zeroOf(m, x, [1], range), m.trace.constant(1, range)], range);
  return count === 1 ? ones : m.trace.add('concatenate', { axis: 1 }, new Array<TraceNode>(count).fill(ones), range);
}

/** Drops features of a sequence, the same at all its times. */
export function sameAtAllTimes(m: Machine, x: TraceNode, p: number, range: SourceRange, place: SourceRange): TraceNode {
  const order = [0, 2, 1];
  const features = m.trace.add('permute', { order }, [x], range);
  const dropped = m.trace.add('featureDropout', { p, call: 0 }, [features], range, { places: { p: place } });
  return m.trace.add('permute', { order }, [dropped], range);
}

/** Drops rows as wholes: each with all its entries, or not at all. */
export function wholeRows(m: Machine, x: TraceNode, p: number, range: SourceRange, place: SourceRange): TraceNode {
  const one = m.trace.add('unsqueeze', { axis: 1 }, [x], range);
  const dropped = m.trace.add('featureDropout', { p, call: 0 }, [one], range, { places: { p: place } });
  return m.trace.add('squeeze', { axis: 1 }, [dropped], range);
}
