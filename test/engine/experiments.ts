import type { Dataset, Tensor } from '../../src/records/dataset';
import type { Batches, Experiment, Loop } from '../../src/records/experiment';
import type { ModelGraph, ModelNode, ParameterSpec } from '../../src/records/model/graph';
import type { Initializer } from '../../src/records/model/initializer';
import type { LayerKind, Layers } from '../../src/records/model/layers';
import type { Optimizer, OptimizerKind, ParameterGroup, Schedule, ScheduleRule } from '../../src/records/optimizer';
import type { SourceRange, Sourced } from '../../src/records/source';

/** A place in a script that the tests made up. */
export const here: SourceRange = { path: 'train.py', line: 1, column: 1, endLine: 1, endColumn: 2 };

/** `value` as if it stood in the script. */
export function sourced<T>(value: T): Sourced<T> {
  return { value, place: here, chain: [], isDefault: false };
}

/** Writes a model down call by call, as the reader would. Handles are node numbers. */
export class ModelBuilder {
  private readonly nodes: ModelNode[] = [];
  private readonly parameters: ParameterSpec[] = [];
  private lossStart = 0;

  call<K extends LayerKind>(
    kind: K,
    inputs: readonly number[],
    settings: Layers[K],
    options: { readonly name?: string; readonly parameters?: Readonly<Record<string, number>> } = {},
  ): number {
    const name = options.name ?? `${kind} ${this.nodes.length}`;
    const node = {
      kind,
      arguments: settings,
      inputs,
      parameters: options.parameters ?? {},
      name,
      range: here,
      call: here,
      places: {},
    };
    this.nodes.push(node as unknown as ModelNode);
    return this.nodes.length - 1;
  }

  parameter(name: string, shape: readonly number[], initializer: Initializer, trainable = true): number {
    this.parameters.push({ name, shape, initializer, range: here, isDefault: true, trainable });
    return this.parameters.length - 1;
  }

  input(index = 0): number {
    return this.call('input', [], { index });
  }

  /** nn.Linear with PyTorch's default initialisation. */
  linear(x: number, name: string, columns: number, out: number, bias = true): number {
    const initializer = { kind: 'kaimingUniform', slope: Math.sqrt(5), mode: 'fanIn', nonlinearity: 'leaky_relu' } as const;
    const weight = this.parameter(`${name}.weight`, [out, columns], initializer);
    const roles: Record<string, number> = bias
      ? { weight, bias: this.parameter(`${name}.bias`, [out], { kind: 'biasUniform', weight }) }
      : { weight };
    return this.call('linear', [x], { in: columns, out }, { name, parameters: roles });
  }

  /** nn.BatchNorm1d, 2d: weight 1, bias 0. */
  batchNorm(x: number, name: string, features: number, options: Partial<Layers['batchNorm']> = {}): number {
    const weight = this.parameter(`${name}.weight`, [features], { kind: 'constant', value: 1 });
    const bias = this.parameter(`${name}.bias`, [features], { kind: 'constant', value: 0 });
    const settings = { features, epsilon: 1e-5, momentum: 0.1, trackStatistics: true, dimensions: 1 as const, ...options };
    return this.call('batchNorm', [x], settings, { name, parameters: { weight, bias } });
  }

  /** Marks what follows as the loss. */
  beginLoss(): number {
    this.lossStart = this.nodes.length;
    return this.call('target', [], { index: 0 });
  }

  finish(output: number, loss: number, accuracy: ModelGraph['accuracy'] = null): ModelGraph {
    return {
      nodes: this.nodes,
      parameters: this.parameters,
      outputs: [output],
      loss,
      lossCall: here,
      lossRange: here,
      lossStart: this.lossStart,
      accuracy,
    };
  }
}

export const meanSquaredError = { reduction: 'mean' } as const;
export const plainCrossEntropy = { reduction: 'mean', labelSmoothing: 0, weight: null, ignoreIndex: -100 } as const;

/** Linear layers of `sizes` with `activation` between them, then cross-entropy (classes) or mean squared error. */
export function perceptron(
  sizes: readonly number[],
  activation: 'relu' | 'tanh' | 'sigmoid' | 'gelu',
  loss: 'crossEntropy' | 'mse',
): ModelGraph {
  const model = new ModelBuilder();
  let x = model.input();
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    x = model.linear(x, `net.${2 * layer}`, sizes[layer] ?? 1, sizes[layer + 1] ?? 1);
    if (layer + 2 >= sizes.length) break;
    const name = `net.${2 * layer + 1}`;
    x =
      activation === 'gelu'
        ? model.call('gelu', [x], { approximate: 'none' }, { name })
        : model.call(activation, [x], {}, { name });
  }
  const target = model.beginLoss();
  if (loss === 'mse') return model.finish(x, model.call('mse', [x, target], meanSquaredError));
  const criterion = model.call('crossEntropy', [x, target], plainCrossEntropy);
  return model.finish(x, criterion, { kind: 'argmax', node: x, at: 0 });
}

/** An optimizer over all parameters with PyTorch's defaults, some replaced. */
export function optimizer(
  kind: OptimizerKind,
  learningRate: number,
  parameterCount: number,
  settings: Readonly<Record<string, number | boolean>> = {},
  options: { readonly maximize?: boolean; readonly form?: 'keras'; readonly groups?: readonly ParameterGroup[] } = {},
): Optimizer {
  const values = Object.entries({ ...defaults[kind], ...settings }).map(([name, value]) => [name, sourced(value)]);
  const all = { parameters: Array.from({ length: parameterCount }, (_, i) => i) };
  return {
    kind,
    learningRate: sourced(learningRate),
    settings: Object.fromEntries(values) as unknown,
    maximize: options.maximize ?? false,
    ...(options.form ? { form: options.form } : {}),
    call: here,
    name: here,
    parametersArgument: here,
    groups: options.groups ?? [all],
  } as Optimizer;
}

const moments = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
const adam = { ...moments, amsgrad: false };
const defaults: { readonly [K in OptimizerKind]: Readonly<Record<string, number | boolean>> } = {
  sgd: { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false },
  adam,
  adamw: { ...adam, weightDecay: 0.01 },
  rmsprop: { alpha: 0.99, epsilon: 1e-8, weightDecay: 0, momentum: 0, centered: false },
  adagrad: { learningRateDecay: 0, weightDecay: 0, initialAccumulator: 0, epsilon: 1e-10 },
  lbfgs: {
    maxIterations: 20,
    maxEvaluations: 25,
    gradientTolerance: 1e-7,
    changeTolerance: 1e-9,
    history: 100,
    lineSearch: false,
    weightDecay: 0,
  },
  adadelta: { rho: 0.9, epsilon: 1e-6, weightDecay: 0 },
  adamax: moments,
  nadam: { ...moments, momentumDecay: 4e-3, decoupledDecay: false },
  radam: { ...moments, decoupledDecay: false },
  asgd: { pull: 1e-4, power: 0.75, weightDecay: 0 },
  rprop: { shrinking: 0.5, growing: 1.2, smallestStep: 1e-6, largestStep: 50, weightDecay: 0 },
};

/** A schedule that the script steps once `per`. */
export function schedule(rule: ScheduleRule, per: Schedule['per']): Schedule {
  return { rule, per, range: here, stepCall: here };
}

/** Shuffled batches of `size`. */
export function minibatches(size: number, options: Partial<Batches> = {}): Batches {
  return { sampling: 'epochs', batchSize: sourced(size), shuffle: sourced(true), dropLast: false, range: here, ...options };
}

/** All rows in each step. */
export const fullBatch: Batches = { sampling: 'full', batchSize: null, shuffle: sourced(false), dropLast: false, range: here };

/** A sound training loop of 10 epochs, some parts replaced. */
export function loop(options: Partial<Loop> = {}): Loop {
  return {
    range: here,
    epochs: sourced(10),
    steps: null,
    zeroGrad: { when: 'everyStep', range: here },
    backward: here,
    step: here,
    accumulation: 1,
    clipping: null,
    evaluation: null,
    trainsInEvalMode: false,
    earlyStopping: null,
    ...options,
  };
}

/** An Experiment of these parts. */
export function experiment(parts: {
  readonly model: ModelGraph;
  readonly optimizer: Optimizer;
  readonly batches?: Batches;
  readonly loop?: Loop;
  readonly schedules?: readonly Schedule[];
}): Experiment {
  return {
    unit: { name: 'optimizer', path: 'train.py', range: here, framework: 'pytorch' },
    files: ['train.py'],
    seed: null,
    data: { steps: [], symbols: {} },
    train: null,
    validation: null,
    batches: parts.batches ?? fullBatch,
    model: parts.model,
    optimizer: parts.optimizer,
    schedules: parts.schedules ?? [],
    loop: parts.loop ?? loop(),
    assumptions: [],
    unread: [],
    parts: { read: 9, total: 9 },
  };
}

/** A Dataset of one input and one target; the first `validationRows` rows are the validation part as well. */
export function dataset(x: Tensor, y: Tensor, validationRows = 0): Dataset {
  const rows = x.shape[0] ?? 0;
  const first = (tensor: Tensor, count: number): Tensor => ({
    shape: [count, ...tensor.shape.slice(1)],
    values: tensor.values.slice(0, (count * tensor.values.length) / rows),
  });
  const numbers = { minimum: 0, maximum: 0, missing: 0 };
  return {
    train: { inputs: [x], targets: [y], rows: Int32Array.from({ length: rows }, (_, i) => i) },
    validation:
      validationRows === 0
        ? null
        : {
            inputs: [first(x, validationRows)],
            targets: [first(y, validationRows)],
            rows: Int32Array.from({ length: validationRows }, (_, i) => rows + i),
          },
    symbols: {},
    statistics: {
      rows,
      validationRows,
      ofRows: rows,
      columns: [],
      isImage: false,
      secondMoment: null,
      centredMoment: null,
      standardisedMoment: null,
      target: { kind: 'numbers', shape: y.shape, counts: [], mean: 0, variance: 0, ...numbers, runsZ: null },
      conflictingRows: 0,
    },
    files: [],
    assumptions: [],
    origin: 'project',
  };
}
