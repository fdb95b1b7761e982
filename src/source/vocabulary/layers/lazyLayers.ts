import type { Size } from '../../../graph/size';
import { firstArgument, type Call } from '../../interpret/call';
import { lifted } from '../../interpret/tensors';
import type { Layer, ParameterCell } from '../../values/trace';
import { numberValue, tensorValue, unreadable, type Value } from '../../values/value';
import type { LayerEntry } from './layerEntry';

/** A layer of torch.nn that takes the size of its input from the first call. */
interface LazyEntry {
  /** The layer that it becomes. */
  readonly becomes: string;
  /** The argument that is left out. */
  readonly argument: string;
  /** The axis of the input that has its size. */
  readonly axis: 1 | -1;
}

const channels = (becomes: string, argument: string): LazyEntry => ({ becomes, argument, axis: 1 });

/** torch.nn's lazy layers. */
export const lazyEntries: Readonly<Record<string, LazyEntry>> = {
  LazyLinear: { becomes: 'Linear', argument: 'in_features', axis: -1 },
  ...Object.fromEntries(
    ['1d', '2d', '3d'].flatMap((axes) => [
      [`LazyConv${axes}`, channels(`Conv${axes}`, 'in_channels')],
      [`LazyConvTranspose${axes}`, channels(`ConvTranspose${axes}`, 'in_channels')],
      [`LazyBatchNorm${axes}`, channels(`BatchNorm${axes}`, 'num_features')],
      [`LazyInstanceNorm${axes}`, channels(`InstanceNorm${axes}`, 'num_features')],
    ]),
  ),
};

/** The layer `entry`, made by `make`, whose input's size the first call decides; its parameters have their shapes from then on. */
export function lazyLayer(
  lazy: LazyEntry,
  entry: LayerEntry,
  call: Call,
  make: (path: string, entry: LayerEntry, call: Call) => Value,
): Value {
  const names = entry.names.split(' ').filter((name) => name !== lazy.argument);
  const written = new Map(call.keywords);
  names.forEach((name, i) => {
    const given = call.positional[i];
    if (given) written.set(name, given);
  });
  const sized = (size: Size): Value => {
    const value: Value = typeof size === 'number' ? numberValue(size) : { kind: 'size', size };
    const keywords = new Map([...written, [lazy.argument, { value, range: call.name }]]);
    return make(`torch.nn.${lazy.becomes}`, entry, { ...call, positional: [], keywords });
  };
  // Any size that its groups divide will do until then.
  const groups = written.get('groups')?.value;
  const made = sized(groups?.kind === 'number' ? groups.value : 1);
  if (made.kind !== 'layer') return made;
  return { ...made, step: null, apply: (layer: Layer, applied: Call) => applyLazy(layer, lazy, sized, applied) };
}

function applyLazy(layer: Layer, { axis }: LazyEntry, make: (size: Size) => Value, call: Call): Value {
  const m = call.machine;
  const given = firstArgument(call);
  const x = lifted(m, given, call.range);
  if (!x) return given.kind === 'unknown' ? given : unreadable('What goes into this call could not be read', call.range);
  const size = x.shape?.at(axis) ?? null;
  if (size === null) return unreadable('The size that this layer takes from its input is not known', layer.range);
  const made = make(size);
  if (made.kind !== 'layer' || made.step === null) return made;
  for (const [role, cell] of Object.entries(layer.parameters)) shapeLike(cell, made.parameters[role]);
  const options = { parameters: { ...layer.parameters }, call: call.range, places: layer.places, layer };
  return tensorValue(m.trace.add(made.step.kind, made.step.arguments, [x], layer.range, options));
}

function shapeLike(cell: ParameterCell, other: ParameterCell | undefined): void {
  if (other) cell.shape = other.shape;
}
