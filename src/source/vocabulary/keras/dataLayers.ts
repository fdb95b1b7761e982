import type { Arguments, Call } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import { axisSize, dataStep } from '../../interpret/tensors';
import type { KerasLayer } from '../../values/estimators';
import type { Array as DataArray } from '../../values/dataValues';
import type { BatchOrigin, TraceNode } from '../../values/trace';
import { unreadable, type Value } from '../../values/value';
import { layerValue, single } from './weights';

/** What a layer that prepares data makes of rows, as a step of the data. */
export type Preparing = (m: Machine, layer: KerasLayer, rows: DataArray) => DataArray | Value;

/** The batches that the rows behind a node come in. */
export const batchBehind = (node: TraceNode): BatchOrigin | null =>
  node.source?.batch ?? (node.inputs[0] ? batchBehind(node.inputs[0]) : null);

const blank: Omit<DataArray, 'step' | 'range'> = {
  kind: 'array',
  flavour: 'numpy',
  shape: null,
  integer: null,
  columns: null,
  loop: null,
  mask: false,
  row: false,
  fault: null,
};

/** The rows of data that a node hands on unchanged but for an axis or their type, which a lookup does not see; null for others. */
function tokensBehind(node: TraceNode): DataArray | null {
  const { source, kind, range } = node;
  if (kind === 'source' && source) return { ...blank, range, step: source.step, shape: node.shape, integer: node.integer };
  const [inner] = node.inputs;
  return inner && (kind === 'unsqueeze' || kind === 'cast') ? tokensBehind(inner) : null;
}

/** A layer whose rows are prepared before the training: it may stand right behind an input, or change data themselves. */
export function preparingLayer(call: Call, a: Arguments, name: string, prepare: Preparing): Value {
  const apply = single((m, layer, input) => {
    if (input.kind === 'opaque') return input;
    const rows = tokensBehind(input);
    if (!rows) return unreadable('This layer is read right behind the input of a model', layer.range);
    const made = prepare(m, layer, rows);
    if (made.kind !== 'array') return made.kind === 'unknown' ? made : unreadable('This layer is not read here', layer.range);
    const columns = input.shape?.length === 2 && made.shape?.length === 1 ? inColumn(m, made, layer) : made;
    const shape = columns.shape?.map((size, axis) => (axis === 0 ? size : (size ?? axisSize(m, columns, axis)))) ?? null;
    return m.trace.source(columns.step, batchBehind(input), shape, columns.integer === true, input.range);
  });
  const made = layerValue(call, a, name, apply);
  if (made.kind !== 'kerasLayer') return made;
  const layer: KerasLayer = {
    ...made,
    onRows: (rows, use) => {
      const prepared = prepare(use.machine, layer, rows);
      return prepared.kind === 'array' ? { ...prepared, row: rows.row } : prepared;
    },
  };
  return layer;
}

const inColumn = (m: Machine, rows: DataArray, layer: KerasLayer): DataArray =>
  dataStep(m, 'unsqueeze', { axis: 1 }, [rows], layer.range, { shape: [rows.shape?.[0] ?? null, 1] });
