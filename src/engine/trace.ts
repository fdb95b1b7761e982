import type { CancelToken } from '../base/cancel';
import type { Quantity } from '../records/measurement';
import { npzBytes, type NpzEntry } from './npy';
import type { Programs } from './programs';
import type { TrainingRun } from './run';
import type { BatchOfStep } from './runState';
import { bufferPort, parameterPort, type TwinSetup } from './setup';

/** What a trace is told of its surroundings, for its `meta` entry. */
export interface TraceOptions {
  readonly steps: number;
  readonly seed: number;
  readonly cancel: CancelToken;
}

/** What a trace tells of each parameter at every step. */
const recorded = [
  { entry: 'grad_norm', quantity: 'gradientNorm' },
  { entry: 'param_norm', quantity: 'parameterNorm' },
  { entry: 'update_norm', quantity: 'updateNorm' },
  { entry: 'grad_cosine', quantity: 'gradientCosine' },
] as const;

/**
 * Takes the first steps of a run and writes down all that is needed to take them again elsewhere, as an npz:
 * `init/NAME` and `final/NAME` (state_dict names and shapes), `x` and `y`, `rows/train` and `rows/validation`,
 * `batch/indices` with `batch/offsets` (into the training rows), `loss`, `lr` [steps, groups],
 * `grad_norm/NAME` (before clipping), `param_norm/NAME` (before the step), `update_norm/NAME`, `grad_cosine/NAME` (with the gradient of
 * the step before; NaN at the first), `dropout/CALL/STEP` masks (0 or 1/(1-p)) and `meta` (JSON).
 * Further inputs and targets are `x/1`, `y/1` and so on. The run must be at its start.
 */
export async function recordTrace(programs: Programs, run: TrainingRun, options: TraceOptions): Promise<Uint8Array> {
  const { setup } = programs;
  const entries: NpzEntry[] = [...stateEntries(setup, run, 'init'), ...dataEntries(setup)];
  run.keepsBatches = true;
  const columns: { readonly loss: number[]; readonly lr: number[] } = { loss: [], lr: [] };
  const byParameter = setup.layout.trained.flatMap(({ name }) =>
    recorded.map(({ entry, quantity }) => ({
      entry: `${entry}/${name}`,
      quantity: `${quantity}/${name}` as const,
      values: [] as number[],
    })),
  );
  const batches: Int32Array[] = [];
  for (let step = 0; step < options.steps && !options.cancel.cancelled; step++) {
    columns.lr.push(...run.groupRates);
    const taken = await run.advance(1, options.cancel);
    if (taken.steps.length === 0) break;
    const value = (quantity: Quantity): number => taken.columns.get(quantity)?.[0] ?? NaN;
    columns.loss.push(value('loss'));
    for (const { quantity, values } of byParameter) values.push(value(quantity));
    batches.push(...run.batchesOfStep.map(({ rows }) => rows));
    run.batchesOfStep.forEach(({ masks }, part) => entries.push(...maskEntries(masks, step, part)));
  }
  const steps = columns.loss.length;
  const groups = setup.optimizer.groups.length;
  entries.push(
    ...stateEntries(setup, run, 'final'),
    ...batchEntries(batches),
    { name: 'loss', shape: [steps], values: Float64Array.from(columns.loss) },
    { name: 'lr', shape: [steps, groups], values: Float64Array.from(columns.lr.slice(0, steps * groups)) },
    ...byParameter.map(({ entry, values }) => ({ name: entry, shape: [steps], values: Float64Array.from(values) })),
    { name: 'meta', shape: [], values: JSON.stringify(metaOf(setup, options, steps)) },
  );
  return npzBytes(entries);
}

/** All tensors of the state_dict: parameters, and the buffers of batch norms. */
function stateEntries(setup: TwinSetup, run: TrainingRun, prefix: string): NpzEntry[] {
  const trained = setup.layout.trained.map(({ name, shape, offset, length }) => ({
    name: `${prefix}/${name}`,
    shape,
    values: (run.stepped ?? run.theta).slice(offset, offset + length),
  }));
  const side = (port: string): Float32Array => run.side.values.get(port)?.slice() ?? new Float32Array(0);
  const frozen = setup.layout.frozen.map((parameter) => {
    return { name: `${prefix}/${parameter.name}`, shape: parameter.shape, values: side(parameterPort(parameter)) };
  });
  const buffers = setup.buffers.map(({ name, length }) => ({
    name: `${prefix}/${name}`,
    shape: [length],
    values: side(bufferPort(name)),
  }));
  return [...trained, ...frozen, ...buffers];
}

function dataEntries({ dataset, train }: TwinSetup): NpzEntry[] {
  const shapes = [...dataset.train.inputs, ...dataset.train.targets].map(({ shape }) => shape);
  const data = train.map(({ name, values }, k) => {
    const [kind, index] = name.split('/');
    const letter = kind === 'input' ? 'x' : 'y';
    return { name: index === '0' ? letter : `${letter}/${index}`, shape: shapes[k] ?? [], values };
  });
  const rows = (name: string, values: Int32Array): NpzEntry => ({ name: `rows/${name}`, shape: [values.length], values });
  return [...data, rows('train', dataset.train.rows), rows('validation', dataset.validation?.rows ?? new Int32Array(0))];
}

function batchEntries(batches: readonly Int32Array[]): NpzEntry[] {
  const offsets = new Int32Array(batches.length + 1);
  batches.forEach((rows, i) => void (offsets[i + 1] = (offsets[i] as number) + rows.length));
  const indices = new Int32Array(offsets[batches.length] as number);
  batches.forEach((rows, i) => indices.set(rows, offsets[i]));
  return [
    { name: 'batch/indices', shape: [indices.length], values: indices },
    { name: 'batch/offsets', shape: [offsets.length], values: offsets },
  ];
}

/** Masks of one batch. With accumulation a step has several batches: those after the first are `STEP.PART`. */
function maskEntries(masks: BatchOfStep['masks'], step: number, part: number): NpzEntry[] {
  const place = part === 0 ? `${step}` : `${step}.${part}`;
  return [...masks].map(([call, { shape, values }]) => ({ name: `dropout/${call}/${place}`, shape, values }));
}

function metaOf(setup: TwinSetup, { seed }: TraceOptions, steps: number): Record<string, unknown> {
  const { optimizer, loop, batches, schedules } = setup;
  const settings = Object.entries(optimizer.settings).map(([name, { value }]: [string, { readonly value: unknown }]) => [
    name,
    value,
  ]);
  return {
    version: 1,
    unit: setup.experiment.unit.name,
    seed,
    steps,
    optimizer: {
      kind: optimizer.kind,
      learningRate: optimizer.learningRate.value,
      settings: Object.fromEntries(settings),
      maximize: optimizer.maximize,
      groups: optimizer.groups.map(({ parameters, learningRate, weightDecay }) => ({
        parameters: parameters.map((index) => setup.model.parameters[index]?.name),
        learningRate: learningRate?.value ?? optimizer.learningRate.value,
        weightDecay: weightDecay?.value ?? optimizer.settings.weightDecay.value,
      })),
    },
    schedules: schedules.map(({ rule, per }) => ({ rule, per })),
    batches: { sampling: batches.sampling, size: batches.batchSize?.value ?? null, dropLast: batches.dropLast },
    accumulation: loop.accumulation,
    zeroGrad: loop.zeroGrad.when,
    trainsInEvalMode: loop.trainsInEvalMode,
    clipping:
      loop.clipping === null
        ? null
        : { kind: loop.clipping.kind, limit: loop.clipping.limit.value, normType: String(loop.clipping.normType) },
    nodes: setup.model.nodes.map(({ kind, name, inputs, arguments: settings, parameters }) => ({
      kind,
      name,
      inputs,
      arguments: settings,
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([role, index]) => [role, setup.model.parameters[index]?.name]),
      ),
    })),
    loss: setup.model.loss,
  };
}
