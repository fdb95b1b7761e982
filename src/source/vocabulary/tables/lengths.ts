import type { Size } from '../../../graph/size';
import { attributeOf } from '../../interpret/attributes';
import type { Call, Handler } from '../../interpret/call';
import { charactersIn, charactersOf } from '../../interpret/characters';
import { callValue } from '../../interpret/calls';
import { countUnread } from '../../interpret/growth';
import { iterationOf } from '../../interpret/iteration';
import type { Machine } from '../../interpret/machine';
import { axisSize } from '../../interpret/tensors';
import { rowsOfList } from '../../interpret/windows';
import type { Dataset } from '../../values/dataValues';
import { numberValue, unknown, type ListValue, type Value } from '../../values/value';
import { lengthOfEach } from './textParts';
import { lengthOfLoader } from '../rows/loaders';

const sizeValue = (size: Size): Value => (typeof size === 'number' ? numberValue(size, true) : { kind: 'size', size });

const rowsOf = (m: Machine, dataset: Dataset): Size | null => {
  const rows = dataset.components[0];
  return rows ? axisSize(m, rows, 0) : null;
};

function lengthOfList(m: Machine, list: ListValue, call: Call): Value {
  if (list.grows) return countUnread(call.range);
  const rows = rowsOfList(m, list);
  if (rows) return sizeValue(axisSize(m, rows, 0));
  return list.open ? countUnread(call.range) : numberValue(list.items.length, true);
}

/** `len(...)`: a number, or a size that the data decide. */
export const length: Handler = (call) => {
  const value = call.positional[0]?.value ?? unknown;
  const m = call.machine;
  switch (value.kind) {
    case 'file': {
      const text = charactersOf(m, value, call.range);
      return text ? sizeValue(axisSize(m, text, 0)) : unknown;
    }
    case 'namespace': {
      const known = charactersIn(value);
      if (known) return { kind: 'size', size: m.program.symbol(known.step, { kind: 'unique' }) };
      return value.entries.get('__length') ?? unknown;
    }
    case 'list':
      return lengthOfList(m, value, call);
    case 'container':
      return value.open ? countUnread(call.range) : numberValue(value.items.length, true);
    case 'dict':
      return value.open ? countUnread(call.range) : numberValue(value.entries.size, true);
    case 'groups':
      return numberValue(value.optimizer.groups.length, true);
    case 'string':
      return numberValue(value.value.length, true);
    case 'shape':
      return numberValue(value.sizes.length, true);
    case 'array': {
      if (m.entrywise > 0 && value.flavour === 'series') return lengthOfEach(value, { machine: m, range: call.range });
      const size = axisSize(m, value, 0);
      return typeof size === 'number' ? numberValue(size, true) : { kind: 'size', size };
    }
    case 'iterator':
      return value.of.kind === 'array' ? { kind: 'size', size: m.program.symbol(value.of.step, { kind: 'unique' }) } : unknown;
    case 'loader':
      return lengthOfLoader(m, value);
    case 'dataset': {
      const size = rowsOf(m, value);
      return size === null ? unknown : sizeValue(size);
    }
    case 'range': {
      const iteration = iterationOf(m, value, call.range);
      return iteration.kind === 'items' ? numberValue(iteration.items.length, true) : unknown;
    }
    case 'tensor':
      return value.node.shape?.[0] !== undefined && value.node.shape[0] !== null
        ? { kind: 'size', size: value.node.shape[0] }
        : unknown;
    case 'instance': {
      const own = attributeOf(m, value, '__len__', call.range);
      return own.kind === 'function' ? callValue(m, own, { ...call, positional: [], keywords: new Map() }) : unknown;
    }
    default:
      return unknown;
  }
};
