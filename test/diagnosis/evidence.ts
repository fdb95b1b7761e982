import type { Evidence } from '../../src/diagnosis/rule';
import type { ColumnStatistics, DataStatistics } from '../../src/records/dataset';
import type { Experiment, Loop } from '../../src/records/experiment';
import type { Measurements, RunSummary } from '../../src/records/measurement';
import type { ModelGraph, ModelNode, ParameterSpec } from '../../src/records/model/graph';
import type { LayerKind, Layers } from '../../src/records/model/layers';
import type { AdamSettings, OptimizerKind, OptimizerOf, OptimizerSettings } from '../../src/records/optimizer';
import type { SourceRange, Sourced, TextEdit } from '../../src/records/source';
import type { TrialRequest, TrialResult } from '../../src/records/trial';

/** Hand-made evidence: every builder gives a healthy default and takes what differs. */

export const path = 'train.py';

/** A place that no text belongs to. */
export const range = (line: number, column = 1, length = 5): SourceRange => ({
  path,
  line,
  column,
  endLine: line,
  endColumn: column + length,
});

/** The place of the only (or n-th) occurrence of `part` in `text`. */
export function at(text: string, part: string, occurrence = 0): SourceRange {
  let offset = text.indexOf(part);
  for (let i = 0; i < occurrence; i++) offset = text.indexOf(part, offset + 1);
  if (offset < 0) throw new Error(`no ${part}`);
  const position = (to: number) => {
    const before = text.slice(0, to).split('\n');
    return { line: before.length, column: (before.at(-1) as string).length + 1 };
  };
  const from = position(offset);
  const to = position(offset + part.length);
  return { path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

/** The text after edits of it. */
export function applied(text: string, edits: readonly TextEdit[]): string {
  const offset = (line: number, column: number) =>
    text
      .split('\n')
      .slice(0, line - 1)
      .reduce((sum, one) => sum + one.length + 1, 0) +
    column -
    1;
  return [...edits]
    .sort((a, b) => offset(b.line, b.column) - offset(a.line, a.column))
    .reduce(
      (all, edit) =>
        all.slice(0, offset(edit.line, edit.column)) + edit.newText + all.slice(offset(edit.endLine, edit.endColumn)),
      text,
    );
}

export const said = <T>(value: T, place: SourceRange = range(90)): Sourced<T> => ({ value, place, chain: [], isDefault: false });
export const byDefault = <T>(value: T, place: SourceRange = range(91)): Sourced<T> => ({
  value,
  place,
  chain: [],
  isDefault: true,
});

const momentDefaults = {
  beta1: byDefault(0.9),
  beta2: byDefault(0.999),
  epsilon: byDefault(1e-8),
  weightDecay: byDefault(0),
};
const adamDefaults: AdamSettings = { ...momentDefaults, amsgrad: byDefault(false) };

const defaults: OptimizerSettings = {
  sgd: { momentum: byDefault(0), dampening: byDefault(0), weightDecay: byDefault(0), nesterov: byDefault(false) },
  adam: adamDefaults,
  adamw: { ...adamDefaults, weightDecay: byDefault(0.01) },
  rmsprop: {
    alpha: byDefault(0.99),
    epsilon: byDefault(1e-8),
    weightDecay: byDefault(0),
    momentum: byDefault(0),
    centered: byDefault(false),
  },
  adagrad: {
    learningRateDecay: byDefault(0),
    weightDecay: byDefault(0),
    initialAccumulator: byDefault(0),
    epsilon: byDefault(1e-10),
  },
  lbfgs: {
    maxIterations: byDefault(20),
    maxEvaluations: byDefault(25),
    gradientTolerance: byDefault(1e-7),
    changeTolerance: byDefault(1e-9),
    history: byDefault(100),
    lineSearch: byDefault(false),
    weightDecay: byDefault(0),
  },
  adadelta: { rho: byDefault(0.9), epsilon: byDefault(1e-6), weightDecay: byDefault(0) },
  adamax: momentDefaults,
  nadam: { ...momentDefaults, momentumDecay: byDefault(4e-3), decoupledDecay: byDefault(false) },
  radam: { ...momentDefaults, decoupledDecay: byDefault(false) },
  asgd: { pull: byDefault(1e-4), power: byDefault(0.75), weightDecay: byDefault(0) },
  rprop: {
    shrinking: byDefault(0.5),
    growing: byDefault(1.2),
    smallestStep: byDefault(1e-6),
    largestStep: byDefault(50),
    weightDecay: byDefault(0),
  },
};

/** An optimizer over all parameters with PyTorch's defaults beside the given settings. */
export function optimizer<K extends OptimizerKind>(
  kind: K,
  learningRate: number | Sourced<number>,
  settings: Partial<OptimizerSettings[K]> = {},
  more: Partial<OptimizerOf<K>> = {},
): OptimizerOf<K> {
  return {
    kind,
    learningRate: typeof learningRate === 'number' ? said(learningRate, range(30, 40, 4)) : learningRate,
    settings: { ...defaults[kind], ...settings },
    maximize: false,
    call: range(30, 13, 40),
    name: range(30, 19, 3),
    parametersArgument: range(30, 23, 18),
    groups: [{ parameters: [0, 1, 2, 3] }],
    ...more,
  };
}

/** One layer of a chain: kind, arguments, and where it stands. */
export interface LayerSketch<K extends LayerKind = LayerKind> {
  readonly kind: K;
  readonly arguments: Layers[K];
  readonly range?: SourceRange;
  readonly call?: SourceRange;
  readonly weight?: Partial<ParameterSpec>;
  readonly bias?: Partial<ParameterSpec> | null;
}

export const layer = <K extends LayerKind>(kind: K, args: Layers[K], more: Partial<LayerSketch<K>> = {}): LayerSketch<K> => ({
  kind,
  arguments: args,
  ...more,
});

export const linear = (fanIn: number, out: number, more: Partial<LayerSketch<'linear'>> = {}) =>
  layer('linear', { in: fanIn, out }, more);
export const tanh = () => layer('tanh', {});
export const relu = () => layer('relu', {});

/** A chain of layers under a loss: node i takes node i-1; the input is node 0. Names are `net.i`. */
export function chain(layers: readonly LayerSketch[], loss: LayerSketch): ModelGraph {
  const parameters: ParameterSpec[] = [];
  const nodes: ModelNode[] = [];
  const push = (kind: LayerKind, args: Layers[LayerKind], inputs: number[], name: string, sketch?: LayerSketch): void => {
    const roles: Record<string, number> = {};
    if (kind === 'linear' || kind === 'conv2d') {
      const size = args as Layers['linear'];
      roles.weight =
        parameters.push({ ...defaultSpec(`${name}.weight`, [size.out, size.in], sketch?.range), ...sketch?.weight }) - 1;
      if (sketch?.bias !== null)
        roles.bias =
          parameters.push({
            ...defaultSpec(`${name}.bias`, [size.out], sketch?.range),
            initializer: { kind: 'biasUniform', weight: roles.weight },
            ...sketch?.bias,
          }) - 1;
    }
    const where = sketch?.range ?? range(10 + nodes.length);
    nodes.push({
      kind,
      arguments: args,
      inputs,
      parameters: roles,
      name,
      range: where,
      call: sketch?.call ?? where,
      places: {},
    } as unknown as ModelNode);
  };
  push('input', { index: 0 }, [], 'input');
  layers.forEach((one, i) => push(one.kind, one.arguments, [nodes.length - 1], `net.${i}`, one));
  const output = nodes.length - 1;
  push('target', { index: 0 }, [], 'target');
  push(loss.kind, loss.arguments, [output, nodes.length - 1], 'loss', loss);
  return {
    nodes,
    parameters,
    outputs: [output],
    loss: nodes.length - 1,
    lossCall: range(40, 12, 20),
    lossRange: range(20, 9, 20),
    lossStart: output + 1,
    accuracy: null,
  };
}

const defaultSpec = (name: string, shape: ParameterSpec['shape'], where?: SourceRange): ParameterSpec => ({
  name,
  shape,
  initializer: { kind: 'kaimingUniform', slope: Math.sqrt(5), mode: 'fanIn', nonlinearity: 'leaky_relu' },
  range: where ?? range(10),
  isDefault: true,
  trainable: true,
});

export const crossEntropy = (more: Partial<Layers['crossEntropy']> = {}) =>
  layer('crossEntropy', { reduction: 'mean', labelSmoothing: 0, weight: null, ignoreIndex: -100, ...more });
export const mse = () => layer('mse', { reduction: 'mean' });
export const bceWithLogits = () => layer('bceWithLogits', { reduction: 'mean', positiveWeight: null });
export const bce = () => layer('bce', { reduction: 'mean' });

/** A two-layer tanh classifier of ten columns and three classes. */
export const classifier = (): ModelGraph => chain([linear(10, 16), tanh(), linear(16, 3)], crossEntropy());

export const loop = (more: Partial<Loop> = {}): Loop => ({
  range: range(35, 1, 30),
  epochs: said(100),
  steps: null,
  zeroGrad: { when: 'everyStep', range: range(38) },
  backward: range(41),
  step: range(42),
  accumulation: 1,
  clipping: null,
  evaluation: null,
  trainsInEvalMode: false,
  earlyStopping: null,
  ...more,
});

/** A healthy experiment: the classifier, SGD at .1, minibatches of 32. */
export const experiment = (more: Partial<Experiment> = {}): Experiment => ({
  unit: { name: 'optimizer', path, range: range(30), framework: 'pytorch' },
  files: [path],
  seed: said(0),
  data: { steps: [], symbols: {} },
  train: { inputs: [0], targets: [1], inputRange: range(6), targetRange: range(7) },
  validation: null,
  batches: { sampling: 'epochs', batchSize: said(32), shuffle: said(true), dropLast: false, range: range(9) },
  model: classifier(),
  optimizer: optimizer('sgd', 0.1),
  schedules: [],
  loop: loop(),
  assumptions: [],
  unread: [],
  parts: { read: 9, total: 9 },
  ...more,
});

export const column = (mean: number, deviation: number, more: Partial<ColumnStatistics> = {}): ColumnStatistics => ({
  name: 'column',
  mean,
  deviation,
  minimum: mean - 2 * deviation,
  maximum: mean + 2 * deviation,
  missing: 0,
  distinct: deviation === 0 ? 1 : 100,
  ...more,
});

/** Standardised columns and three even classes. */
export const statistics = (more: Partial<DataStatistics> = {}): DataStatistics => ({
  rows: 300,
  validationRows: 0,
  ofRows: 300,
  columns: Array.from({ length: 10 }, (_, i) => column(0, 1, { name: `x${i}` })),
  isImage: false,
  secondMoment: { largest: 2, smallest: 0.5, condition: 4 },
  centredMoment: { largest: 2, smallest: 0.5, condition: 4 },
  standardisedMoment: { largest: 2, smallest: 0.5, condition: 4 },
  target: {
    kind: 'classes',
    shape: [300],
    counts: [100, 100, 100],
    mean: 1,
    variance: 0.67,
    minimum: 0,
    maximum: 2,
    missing: 0,
    runsZ: 0,
  },
  conflictingRows: 0,
  ...more,
});

export const run = (more: Partial<RunSummary> = {}): RunSummary => ({
  steps: 1000,
  ofSteps: 1000,
  rows: 300,
  ofRows: 300,
  stoppedBy: 'plan',
  stepsPerEpoch: 10,
  curvatureSteps: [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000],
  seed: 0,
  parameters: 227,
  seconds: 1,
  measuringShare: 0.2,
  nonFinite: null,
  ...more,
});

/** A trial that started at 1 unless `start` says otherwise. */
export const trial = (
  end: number,
  more: Partial<TrialResult> & { readonly start?: number; readonly third?: number; readonly best?: number } = {},
): TrialResult => {
  const { start = 1, third = (start + 2 * end) / 3, best = Math.min(end, start), ...rest } = more;
  return {
    request: { key: '', changes: [], seedOffset: 0 },
    status: Number.isFinite(end) ? 'trained' : 'diverged',
    steps: 1000,
    probeLoss: { start, third, end, best },
    validationLoss: null,
    accuracy: null,
    saturated: 0,
    dead: 0,
    curve: { steps: [], values: [] },
    ...rest,
  };
};

export const unavailable = (): TrialResult => trial(NaN, { status: 'unavailable', reason: 'cannot be read' });

/** A constant or linear series over the run's curvature steps. */
export const over = (from: number, to = from, steps: readonly number[] = run().curvatureSteps) => ({
  steps,
  values: steps.map((_, i) => from + ((to - from) * i) / Math.max(1, steps.length - 1)),
});

/** Any series over evenly spaced steps. */
export const evenly = (values: readonly number[], steps = 1000) => ({
  steps: values.map((_, i) => Math.round((i * steps) / (values.length - 1))),
  values,
});

export const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  experiment: experiment(),
  statistics: statistics(),
  run: run(),
  measurements: {} as Measurements,
  trials: new Map(),
  baseline: trial(0.1),
  texts: {},
  ...more,
});

/** Evidence of a script that was only read. */
export const unrun = (more: Partial<Evidence> = {}): Evidence =>
  evidence({ statistics: null, run: null, baseline: null, ...more });

/** Answers trials by their keys' start (`lr=0.5`, `unchanged`, `rule:fix`) on every seed; others are unavailable. */
export function answer(
  requests: readonly TrialRequest[],
  results: Readonly<Record<string, TrialResult>>,
): Map<string, TrialResult> {
  return new Map(
    requests.map((request) => [
      request.key,
      { ...(results[request.key] ?? results[request.key.replace(/@seed\d+$/, '')] ?? unavailable()), request },
    ]),
  );
}
