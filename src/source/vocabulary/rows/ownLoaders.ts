import type { Call } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { findMember, libraryBases } from '../../interpret/classes';
import { none, type InstanceValue, type Value } from '../../values/value';

const path = 'torch.utils.data.DataLoader';

/** An object of a class that the script makes of PyTorch's `DataLoader`, and that does not itself say what it yields. */
export const isOwnLoader = (value: Value): value is InstanceValue =>
  value.kind === 'instance' &&
  libraryBases(value.type).some((base) => base === path || base === 'torch.utils.data.dataloader.DataLoader') &&
  findMember(value.type, '__iter__') === null;

/** `super().__init__(dataset, ...)` of such a class. */
export const beginOwnLoader =
  (instance: InstanceValue) =>
  (_: Value, call: Call): Value => {
    instance.fields.set('__loader', callValue(call.machine, { kind: 'external', path }, call));
    return none;
  };
