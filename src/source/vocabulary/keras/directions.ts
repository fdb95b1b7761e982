import type { SourceRange } from '../../../records/source';
import { Arguments, type Call, type Handler } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import type { KerasLayer } from '../../values/estimators';
import type { TraceNode } from '../../values/trace';
import { unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { flowThrough, isKerasPart, isNodes } from './graph';
import { maskOf, withMask } from './masks';
import { recurrentOf, together, type Results } from './recurrent';
import { expectAxes, inputShapeOf, layerValue, single } from './weights';

/** The results of both directions as `merge_mode` says. */
function joined(m: Machine, merge: string, both: readonly TraceNode[], range: SourceRange): TraceNode {
  if (merge === 'concat') return m.trace.add('concatenate', { axis: -1 }, both, range);
  const made = m.trace.add(merge === 'mul' ? 'multiply' : 'add', {}, both, range);
  return merge === 'ave' ? m.trace.add('multiply', {}, [made, m.trace.constant(0.5, range)], range) : made;
}

const bidirectional: Handler = (call) => {
  const a = new Arguments(call, 'layer merge_mode weights backward_layer');
  const inner = a.value('layer');
  const settings = inner?.kind === 'kerasLayer' ? recurrentOf(inner) : undefined;
  const merge = a.value('merge_mode')?.kind === 'none' ? '' : a.string('merge_mode', 'concat');
  if (!['concat', 'sum', 'mul', 'ave'].includes(merge)) a.reject('merge_mode', 'This way of joining the directions is not read');
  if (a.given('backward_layer')) a.reject('backward_layer', 'A backward layer of its own is not read');
  if (inner?.kind === 'unknown' && inner.reason) return inner;
  if (inner?.kind !== 'kerasLayer' || !settings) return unreadable('What goes in both directions could not be read', call.range);
  const apply: KerasLayer['apply'] = (m, layer, [input, ...states]) => {
    if (!input) return unreadable('This layer is given no tensor', layer.range);
    const half = states.length / 2;
    const one = (reverse: boolean): Results | Value => {
      const own = reverse ? states.slice(half) : states.slice(0, half);
      return settings.run(m, layer, { input, states: own, reverse, prefix: reverse ? 'backward_' : 'forward_' });
    };
    const [ahead, back] = [one(false), one(true)];
    if (!('main' in ahead)) return ahead;
    if (!('main' in back)) return back;
    const both = [ahead.main, back.main];
    const main = joined(m, merge, both, layer.range);
    return together(settings.everyTime ? withMask(main, maskOf(input)) : main, [...ahead.states, ...back.states]);
  };
  const penalties = inner.penalties.flatMap((penalty) =>
    ['forward_', 'backward_'].map((prefix) => ({ ...penalty, role: `${prefix}${penalty.role}` })),
  );
  const layer = layerValue(call, a, 'bidirectional', apply, penalties);
  if (layer.kind !== 'kerasLayer') return layer;
  return { ...layer, inputShape: layer.inputShape ?? inner.inputShape, results: 1 + 2 * settings.given };
};

const atEachTimeAnyway: ReadonlySet<string> = new Set(['dense', 'activation', 'dropout']);

/** A layer at each time: those that work on the last axis alone do so anyway, for others the times become rows. */
const timeDistributed: Handler = (call) => {
  const a = new Arguments(call, 'layer');
  const inner = a.value('layer');
  if (inner?.kind === 'unknown' && inner.reason) return inner;
  if (inner?.kind === 'kerasLayer' && atEachTimeAnyway.has(inner.name))
    return { ...inner, range: call.range, inputShape: inputShapeOf(call) ?? inner.inputShape };
  if (!inner || inner.kind === 'instance' || !isKerasPart(inner))
    return unreadable('What is done at each time could not be read', call.range);
  const apply = single((m, layer, input) => {
    const [times, ...rest] = input.shape?.slice(1) ?? [];
    const sizes = rest.flatMap((size) => size ?? []);
    if (times === undefined || times === null || sizes.length < rest.length || rest.length === 0)
      return unreadable('The number of times is not known', layer.range);
    const alone = m.trace.add('reshape', { shape: [-1, ...sizes] }, [input], layer.range);
    const flow = flowThrough(m, inner, [alone], { ...call, machine: m });
    const [made] = isNodes(flow) ? flow : [];
    if (!made) return isNodes(flow) ? unreadable('What is done at each time could not be read', layer.range) : flow;
    const after = made.shape?.slice(1) ?? [];
    const known = after.flatMap((size) => size ?? []);
    if (after.length === 0 || known.length < after.length)
      return unreadable('The size of what is made at each time is not known', layer.range);
    return m.trace.add('reshape', { shape: [-1, times, ...known] }, [made], layer.range);
  });
  const made = layerValue(call, a, 'time_distributed', apply);
  if (made.kind !== 'kerasLayer') return made;
  const ofOne = inner.kind === 'kerasLayer' ? inner : null;
  return { ...made, within: inner, inputShape: made.inputShape ?? ofOne?.inputShape ?? null };
};

const repeatVector: Handler = (call: Call) => {
  const a = new Arguments(call, 'n');
  const count = a.number('n');
  if (count > 1_000) a.reject('n', 'So many repetitions are not read');
  const apply = single((m, layer, input) => {
    const problem = expectAxes(layer, input, 2);
    if (problem) return problem;
    const once = m.trace.add('unsqueeze', { axis: 1 }, [input], layer.range);
    return m.trace.add('concatenate', { axis: 1 }, new Array<TraceNode>(count).fill(once), layer.range);
  });
  return layerValue(call, a, 'repeat_vector', apply);
};

/** What goes around layers over sequences. */
export const kerasDirectionTable: FunctionTable = {
  'keras.layers.Bidirectional': bidirectional,
  'keras.layers.TimeDistributed': timeDistributed,
  'keras.layers.RepeatVector': repeatVector,
};
