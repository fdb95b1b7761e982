import { Arguments, type Handler } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import type { KerasLayer, Penalty } from '../../values/estimators';
import type { TraceNode } from '../../values/trace';
import { stringValue, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

/** Keras's factor when a regulariser is given without one. */
const usual = 0.01;

/** Whether a regulariser weighs absolute values, squares, or both; the factors it has when none is given. */
const forms: Readonly<Record<string, { readonly names: string; readonly l1: number; readonly l2: number }>> = {
  l1: { names: 'l1', l1: usual, l2: 0 },
  l2: { names: 'l2', l1: 0, l2: usual },
  // The class has zeros as defaults, the function 0.01.
  L1L2: { names: 'l1 l2', l1: 0, l2: 0 },
  l1_l2: { names: 'l1 l2', l1: usual, l2: usual },
};

const formOf = (name: string) => forms[name === 'L1' ? 'l1' : name === 'L2' ? 'l2' : name];

const object =
  (name: string): Handler =>
  (call) => ({
    kind: 'namespace',
    entries: new Map<string, Value>([['__kerasRegularizer', stringValue(name)]]),
    missing: '`%` of a regulariser is not read',
    call,
  });

/** What `name=` adds to the loss for the weight `role`; a regulariser that is not known is a problem of the call. */
export function penaltyOf(a: Arguments, name: string, role: string): Penalty[] {
  if (!a.given(name)) return [];
  const value = a.value(name);
  const range = a.range(name);
  if (value?.kind === 'number') return penalties(role, 0, Number.NaN, a, name);
  const made = value?.kind === 'namespace' ? value.entries.get('__kerasRegularizer') : null;
  const written =
    value?.kind === 'string'
      ? value.value
      : value?.kind === 'external'
        ? value.path.split('.').pop()
        : made?.kind === 'string'
          ? made.value
          : undefined;
  const form = written === undefined ? undefined : formOf(written);
  if (!form) {
    a.reject(name, 'This regulariser is not known');
    return [];
  }
  if (value?.kind !== 'namespace' || !value.call) return [{ role, l1: form.l1, l2: form.l2, range }];
  const inner = new Arguments(value.call, form.names);
  // `l=` is what Keras 2.3 and earlier call it.
  const factor = (key: 'l1' | 'l2'): number =>
    inner.given('l') && form.names === key ? inner.number('l') : form.names.includes(key) ? inner.number(key, form[key]) : 0;
  const made1 = penalties(role, factor('l1'), factor('l2'), a, name);
  a.problems.push(...inner.problems);
  return made1;
}

function penalties(role: string, l1: number, l2: number, a: Arguments, name: string): Penalty[] {
  if (!Number.isNaN(l1) && !Number.isNaN(l2)) return [{ role, l1, l2, range: a.range(name) }];
  a.reject(name, 'The factor of this regulariser could not be read');
  return [];
}

/** The loss with the penalties of all layers: l1 Σ|w| + l2 Σw², without a half. */
export function penalised(m: Machine, loss: TraceNode, layers: readonly KerasLayer[]): TraceNode {
  let sum = loss;
  const add = (term: TraceNode, factor: number, range: Penalty['range']): void => {
    const total = m.trace.add('sum', { axes: null, keep: false }, [term], range);
    const weighed = m.trace.add('multiply', {}, [total, m.trace.constant(factor, range)], range);
    sum = m.trace.add('add', {}, [sum, weighed], range, { call: loss.call });
  };
  for (const layer of layers)
    for (const { role, l1, l2, range } of layer.penalties) {
      const cell = layer.cells[role];
      if (!cell) continue;
      const weight = m.trace.parameter(cell, range);
      if (l1 !== 0) add(m.trace.add('abs', {}, [weight], range), l1, range);
      if (l2 !== 0) add(m.trace.add('power', { exponent: 2 }, [weight], range), l2, range);
    }
  return sum;
}

/** Constructors of keras.regularizers. */
export const kerasRegularizerTable: FunctionTable = Object.fromEntries(
  ['l1', 'l2', 'l1_l2', 'L1', 'L2', 'L1L2'].map((name): [string, Handler] => [`keras.regularizers.${name}`, object(name)]),
);
