import { tensorMethods } from './libraryMethods';
import type { SourceRange } from '../../records/source';
import { Arguments, type Call } from '../interpret/call';
import type { Machine } from '../interpret/machine';
import { isModule } from '../interpret/classes';
import { booleanValue, listValue, numberValue, parameterOf, stringValue, unknown, type Value } from '../values/value';
import { Scope } from '../values/scope';
import { pathAttribute } from './python/paths';
import { kerasLayerAttribute, kerasModelAttribute, modelOf } from './keras/keras';
import { isKerasInstance } from './keras/graph';
import { layerAttribute, moduleAttributes } from './layers/moduleMethods';
import { columnAttribute, tableAttributes, tableMethods } from './tables/tables';
import { dateOfEntry } from './tables/tableSeries';
import { tensorOperations } from './tensors/tensorOperations';
import { weightAverageOf } from './training/weightAverages';
import { shapeValue } from './tensors/tensorShaping';
import { optimizerAttributes } from './training/trainingCalls';
import { symbolicShape } from './keras/shapes';

/** The attribute `name` of a library value; null when it is a method or not in the tables. */
export function libraryAttribute(m: Machine, value: Value, name: string, range: SourceRange): Value | null {
  const call = { machine: m, range };
  switch (value.kind) {
    case 'layer':
    case 'container':
      if (name === 'module') {
        const average = weightAverageOf(value);
        if (average) return average.module;
      }
      return (
        (Object.hasOwn(moduleAttributes, name) ? moduleAttributes[name]?.(value, m, range) : null) ??
        layerAttribute(value, name, call)
      );
    case 'instance':
      return isModule(value) && Object.hasOwn(moduleAttributes, name)
        ? (moduleAttributes[name]?.(value, m, range) ?? null)
        : name === '__class__'
          ? value.type
          : isKerasInstance(value)
            ? kerasModelAttribute(m, modelOf(value, bareCall(m, range)), name, range)
            : null;
    case 'kerasModel':
      return kerasModelAttribute(m, value, name, range);
    case 'kerasLayer':
      return kerasLayerAttribute(m, value, name, range);
    case 'kerasTensor':
      return name === 'shape' || name === '_keras_shape' ? symbolicShape(value, bareCall(m, range)) : null;
    case 'optimizer':
      return optimizerAttributes[name]?.(value, m, range) ?? null;
    case 'array':
      if (name === 'shape') return shapeValue(value, m);
      if (Object.hasOwn(tableAttributes, name)) return tableAttributes[name]?.(value, m, range) ?? null;
      if (m.entrywise > 0 && value.flavour === 'series') return dateOfEntry(value, name, call);
      return value.flavour === 'frame' && !isTableMethod(name) ? columnAttribute(value, name, call) : null;
    case 'tensor':
      return tensorAttribute(m, value, name, range);
    case 'encoder':
      return name === 'classes_'
        ? value.fitted
          ? { kind: 'iterator', of: value.fitted, wrap: 'plain', others: [], start: 0 }
          : unknown
        : null;
    case 'iterator':
      return name === 'shape' && value.of.kind === 'array'
        ? listValue([{ kind: 'size', size: m.program.symbol(value.of.step, { kind: 'unique' }) }], 'tuple')
        : name === 'size' && value.of.kind === 'array'
          ? { kind: 'size', size: m.program.symbol(value.of.step, { kind: 'unique' }) }
          : null;
    case 'gradient':
      return name === 'data' ? value : null;
    case 'function':
      return name === '__name__' ? stringValue(value.name) : null;
    case 'string':
      return name === 'value' ? value : pathAttribute(value, name);
    // The value of an Enum's member.
    case 'number':
      return name === 'value' ? value : null;
    case 'module':
      return name === '__name__' ? stringValue(value.path) : null;
    case 'dataset':
      return (
        value.attributes.get(name) ??
        (name === 'tensors' ? listValue([...value.components], 'tuple') : name === 'dataset' ? value : null)
      );
    case 'loader':
      return (
        value.dataset.attributes.get(name) ??
        (name === 'dataset' ? value.dataset : name === 'batch_size' ? numberValue(value.batchSize.value, true) : null)
      );
    default:
      return null;
  }
}

/** Methods of tensors that pandas' tables have too: other names of these (`df.fold`, `df.sign`) are columns. */
const sharedMethods: ReadonlySet<string> = new Set(
  (
    'T abs add all any clip copy cummax cummin cumprod cumsum diff div divide dot eq equals exp expand floordiv ge gt item le lt map max ' +
    'mean median min mod mode mul multiply ne nunique pow prod quantile rank repeat reshape round shape size sort squeeze std sub ' +
    'subtract sum take transpose truediv unstack values var view where'
  ).split(' '),
);

const isTableMethod = (name: string): boolean =>
  Object.hasOwn(tableMethods, name) ||
  (sharedMethods.has(name) && (Object.hasOwn(tensorOperations, name) || Object.hasOwn(tensorMethods, name))) ||
  name.startsWith('_') ||
  ['isnull', 'isna', 'any', 'corr', 'plot', 'hist', 'index', 'merge', 'sort_values', 'apply'].includes(name);

const bareCall = (machine: Machine, range: SourceRange): Call => ({
  machine,
  range,
  name: range,
  positional: [],
  keywords: new Map(),
  unclear: null,
  scope: new Scope(null, range.path),
});

function tensorAttribute(m: Machine, value: Value & { readonly kind: 'tensor' }, name: string, range: SourceRange): Value | null {
  switch (name) {
    case 'shape':
      return shapeValue(value, m);
    case 'data':
      return tensorOperations['detach']?.run(value, new Arguments(bareCall(m, range), '')) ?? value;
    case 'T':
      return tensorOperations['t']?.run(value, new Arguments(bareCall(m, range), '')) ?? null;
    case 'requires_grad':
      return booleanValue(parameterOf(value)?.trainable ?? true);
    case 'grad': {
      const cell = parameterOf(value);
      return cell ? { kind: 'gradient', cell, rate: null, factor: 1, known: true } : unknown;
    }
    case 'device':
      return { kind: 'inert', path: 'torch.device' };
    case 'dtype':
      if (value.node.kind === 'opaque') return unknown;
      return { kind: 'external', path: value.node.integer ? 'torch.int64' : 'torch.float32' };
    case 'ndim':
      return value.node.shape ? numberValue(value.node.shape.length, true) : unknown;
    case 'is_cuda':
      return booleanValue(false);
    default:
      return null;
  }
}
