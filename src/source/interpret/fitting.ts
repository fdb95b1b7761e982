import type { Clipping } from '../../records/experiment';
import type { SourceRange, Sourced } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import type { OptimizerValue } from '../values/training';
import type { BatchOrigin, TraceNode } from '../values/trace';
import { numberValue, tensorValue, type LoopContext, type NumberValue, type Value } from '../values/value';
import type { Call } from './call';
import { recordConstraints } from '../vocabulary/keras/constraints';
import { isUnread } from './outsideRows';
import type { Machine } from './machine';
import { axisSize } from './tensors';

/** A model with its loss, added to the graph. */
export interface Built {
  readonly kind: 'built';
  readonly output: TraceNode;
  readonly loss: TraceNode;
}

/** Inputs and targets of a part of the data. */
export interface Rows {
  readonly x: readonly DataArray[];
  readonly y: readonly DataArray[];
}

/** What a library's `fit` does, put as the training loop that it is. */
export interface Fitting {
  readonly call: Call;
  readonly epochs: Value;
  /** Null for the whole data at once. */
  readonly batchSize: Sourced<number> | null;
  readonly shuffle: Sourced<boolean>;
  readonly dropLast?: boolean;
  readonly clipping?: Clipping | null;
  readonly train: Rows;
  readonly validation: Rows | null;
  /** Adds model and loss to the graph; a value is the reason why it cannot. */
  readonly build: (x: readonly TraceNode[], y: readonly TraceNode[]) => Built | Value;
  /** The model, by which trainings are told apart. */
  readonly model: Value;
  /** The optimizer over what `build` has made. */
  readonly optimizer: () => OptimizerValue;
  /** What happens after each step: a schedule. */
  readonly perStep?: (optimizer: OptimizerValue) => void;
  /** What happens once an epoch: callbacks. */
  readonly perEpoch?: (optimizer: OptimizerValue) => void;
}

/** Rows of an array as a source of the graph, with sizes that the data decide as symbols. */
export function sourceOf(m: Machine, array: DataArray, batch: BatchOrigin | null, axes: number): TraceNode {
  if (array.fault) return m.trace.opaque('changed data', [], array.range, array.fault);
  if (!array.shape && isUnread(m, array)) return m.trace.source(array.step, batch, null, false, array.range);
  const shape = array.shape ?? Array.from({ length: axes }, (_, i) => axisSize(m, array, i));
  return m.trace.source(
    array.step,
    batch,
    shape.map((s, i) => s ?? axisSize(m, array, i)),
    array.integer === true,
    array.range,
  );
}

/** Records the events of the training that `fit` runs. */
export function recordFitting(m: Machine, fitting: Fitting): void {
  const { call } = fitting;
  const count: NumberValue | null = fitting.epochs.kind === 'number' ? fitting.epochs : null;
  const epoch = m.openLoop(call.range, count ?? (fitting.epochs.kind === 'none' ? numberValue(1, true) : null));
  const batchLoop = fitting.batchSize ? openBatches(m, call.range) : null;
  const batch = fitting.batchSize ? batchOf(fitting, fitting.batchSize, batchLoop) : null;
  const made = built(m, fitting, fitting.train, batch);
  const optimizer = fitting.optimizer();
  m.record(optimizer.call, { kind: 'optimizer', optimizer });
  const failed = made.kind === 'built' ? null : made;
  const reason = failed?.kind === 'unknown' ? failed.reason : null;
  if (made.kind === 'built')
    m.record(call.range, {
      kind: 'forward',
      module: fitting.model,
      inputs: [],
      output: tensorValue(made.output),
      evalMode: false,
      noGrad: false,
    });
  m.record(call.range, { kind: 'zeroGrad', optimizer, module: null, cells: [] });
  m.record(call.range, {
    kind: 'backward',
    loss: made.kind === 'built' ? made.loss : null,
    reason: reason ?? { text: 'This model could not be read', range: call.range },
  });
  recordClipping(m, fitting.clipping ?? null, optimizer);
  m.record(call.range, { kind: 'step', optimizer });
  recordConstraints(m, optimizer);
  fitting.perStep?.(optimizer);
  if (batchLoop) m.closeLoop(batchLoop);
  if (fitting.validation) evaluate(m, fitting);
  fitting.perEpoch?.(optimizer);
  m.closeLoop(epoch);
}

const built = (m: Machine, fitting: Fitting, rows: Rows, batch: BatchOrigin | null): Built | Value => {
  const { inputs, targets } = sourcesOf(m, rows, batch);
  return fitting.build(inputs, targets);
};

const sourcesOf = (m: Machine, { x, y }: Rows, batch: BatchOrigin | null) => ({
  inputs: x.map((array) => sourceOf(m, array, batch, 2)),
  targets: y.map((array) => sourceOf(m, array, batch, 1)),
});

/** Records that an optimizer clips what it is given. */
export function recordClipping(m: Machine, clipping: Clipping | null, optimizer: OptimizerValue): void {
  const cells = optimizer.groups.flatMap((group) => group.cells);
  if (clipping) m.record(clipping.range, { kind: 'clip', clipping, cells });
}

/** Records a training of which the data or the model could not be read, so that its optimizer is there all the same. */
export function recordUnread(m: Machine, call: Call, optimizer: OptimizerValue, value: Value, text: string): void {
  const reason = value.kind === 'unknown' && value.reason ? value.reason : { text, range: call.range };
  m.record(optimizer.call, { kind: 'optimizer', optimizer });
  m.record(call.range, { kind: 'backward', loss: null, reason });
  m.record(call.range, { kind: 'step', optimizer });
}

function openBatches(m: Machine, range: SourceRange): LoopContext {
  const loop = m.openLoop(range, null);
  loop.batches = true;
  return loop;
}

const batchOf = (fitting: Fitting, batchSize: Sourced<number>, loop: LoopContext | null): BatchOrigin => ({
  sampling: 'epochs',
  batchSize,
  shuffle: fitting.shuffle,
  dropLast: fitting.dropLast ?? false,
  range: fitting.call.range,
  loop,
});

function evaluate(m: Machine, fitting: Fitting): void {
  const { validation, call } = fitting;
  if (!validation) return;
  const rows = sourcesOf(m, validation, null);
  const made = fitting.build(rows.inputs, rows.targets);
  if (made.kind === 'built')
    m.record(call.range, {
      kind: 'forward',
      module: fitting.model,
      inputs: [],
      output: tensorValue(made.output),
      evalMode: true,
      noGrad: true,
      rows: { ...rows, loss: made.loss },
    });
}
