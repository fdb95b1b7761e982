import type { SourceRange } from '../../../records/source';
import type { Argument, Call, Handler } from '../../interpret/call';
import type { KerasLayer, KerasTensor } from '../../values/estimators';
import { tensorValue, unreadable, type Value } from '../../values/value';

/** The tensors of the functional form in a value, lists and dictionaries gone through. */
export const tensorsIn = (value: Value | null | undefined): KerasTensor[] =>
  value?.kind === 'kerasTensor'
    ? [value]
    : value?.kind === 'list'
      ? value.items.flatMap(tensorsIn)
      : value?.kind === 'dict'
        ? [...value.entries.values()].flatMap(tensorsIn)
        : [];

/** The value with those tensors replaced. */
function replaced(value: Value, by: ReadonlyMap<KerasTensor, Value>): Value {
  if (value.kind === 'kerasTensor') return by.get(value) ?? value;
  return value.kind === 'list' ? { ...value, items: value.items.map((item) => replaced(item, by)) } : value;
}

/** A computation over tensors of the functional form, made when the model is run; null when none is among `values`. */
export function symbolically(
  values: readonly Value[],
  range: SourceRange,
  compute: (values: readonly Value[]) => Value,
): KerasTensor | null {
  const inputs = [...new Set(values.flatMap((value) => (value.kind === 'dict' ? [] : tensorsIn(value))))];
  if (inputs.length === 0) return null;
  const part: KerasLayer = {
    kind: 'kerasLayer',
    name: 'operation',
    ordinal: 0,
    range,
    apply: (_m, _layer, nodes) => {
      const by = new Map(inputs.map((tensor, i): [KerasTensor, Value] => [tensor, nodes[i] ? tensorValue(nodes[i]) : tensor]));
      const made = compute(values.map((value) => replaced(value, by)));
      if (made.kind === 'tensor') return made.node;
      return made.kind === 'unknown' && made.reason ? made : unreadable('This operation is not read', range);
    },
    cells: {},
    inputShape: null,
    penalties: [],
    label: null,
    trainable: true,
    adapted: null,
  };
  return { kind: 'kerasTensor', part, inputs, range, shape: null, label: null };
}

/** A function of TensorFlow that takes tensors of the functional form too. */
export const onSymbols =
  (handler: Handler): Handler =>
  (call: Call) => {
    const given: Argument[] = [...call.positional, ...call.keywords.values()];
    const names = [...call.keywords.keys()];
    const count = call.positional.length;
    const symbol = symbolically(
      given.map(({ value }) => value),
      call.range,
      (values) => {
        const argument = (value: Value, i: number): Argument => ({ value, range: given[i]?.range ?? call.range });
        const all = values.map(argument);
        return handler({
          ...call,
          positional: all.slice(0, count),
          keywords: new Map(names.map((name, i) => [name, all[count + i] as Argument])),
        });
      },
    );
    return symbol ?? handler(call);
  };
