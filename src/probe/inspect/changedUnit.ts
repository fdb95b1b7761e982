import { isActivation, isNorm, isWeighing, takers } from '../../diagnosis/graphWalk';
import type { Dataset, Tensor } from '../../records/dataset';
import type { Experiment } from '../../records/experiment';
import type { ModelGraph, ModelNode, ParameterSpec } from '../../records/model/graph';
import type { Optimizer } from '../../records/optimizer';
import type { Sourced } from '../../records/source';

/** The unit with another optimizer at a constant rate, the parameters' groups without settings of their own. */
export function withOptimizer(
  experiment: Experiment,
  own: Optimizer,
  change:
    { readonly kind: 'sgd'; readonly rate: number; readonly momentum: number } | { readonly kind: 'adam'; readonly rate: number },
): Experiment {
  const at = <T>(value: T): Sourced<T> => ({ value, place: own.name, chain: [], isDefault: true });
  const { maximize, call, name, parametersArgument } = own;
  const groups = own.groups.map(({ parameters }) => ({ parameters }));
  const decay = own.settings.weightDecay;
  const shared = { learningRate: at(change.rate), maximize, call, name, parametersArgument, groups };
  const optimizer: Optimizer =
    change.kind === 'sgd'
      ? {
          kind: 'sgd',
          ...shared,
          settings: { momentum: at(change.momentum), dampening: at(0), weightDecay: decay, nesterov: at(false) },
        }
      : {
          kind: 'adam',
          ...shared,
          settings: { beta1: at(0.9), beta2: at(0.999), epsilon: at(1e-8), weightDecay: decay, amsgrad: at(false) },
        };
  return { ...experiment, optimizer, schedules: [] };
}

/** The unit with a factor on its rates. */
export function withRate(experiment: Experiment, factor: number): Experiment {
  const { optimizer } = experiment;
  if (!optimizer) return experiment;
  const times = (rate: Sourced<number>): Sourced<number> => ({ ...rate, value: rate.value * factor });
  const groups = optimizer.groups.map((group) =>
    group.learningRate ? { ...group, learningRate: times(group.learningRate) } : group,
  );
  return { ...experiment, optimizer: { ...optimizer, learningRate: times(optimizer.learningRate), groups } };
}

/** The model with batch norm between each hidden layer and its activation; null where there is no place for it. */
export function withBatchNorm(experiment: Experiment): Experiment | null {
  const { model, optimizer } = experiment;
  if (!model || !optimizer || model.nodes.some(isNorm)) return null;
  const places = model.nodes.flatMap((node, index) => {
    const [first, ...others] = takers(model, index);
    const fits = isWeighing(node) && index < model.lossStart && first && others.length === 0 && isActivation(first);
    return fits && first.inputs.includes(index) ? [index] : [];
  });
  if (places.length === 0) return null;
  const parameters: ParameterSpec[] = [...model.parameters];
  const nodes: ModelNode[] = [];
  // Where each node of the model stands afterwards, and what those that read it read now.
  const moved: number[] = [];
  const read: number[] = [];
  for (const [index, node] of model.nodes.entries()) {
    moved.push(nodes.push({ ...node, inputs: node.inputs.map((input) => read[input] as number) }) - 1);
    read.push(nodes.length - 1);
    if (places.includes(index)) read[index] = nodes.push(batchNormAfter(node, nodes.length - 1, parameters)) - 1;
  }
  const at = (index: number): number => moved[index] as number;
  const added = Array.from({ length: parameters.length - model.parameters.length }, (_, i) => model.parameters.length + i);
  const [group, ...groups] = optimizer.groups;
  return {
    ...experiment,
    model: {
      ...model,
      nodes,
      parameters,
      outputs: model.outputs.map((index) => read[index] as number),
      loss: model.loss === null ? null : at(model.loss),
      lossStart: model.lossStart < model.nodes.length ? at(model.lossStart) : nodes.length,
      accuracy: model.accuracy && { ...model.accuracy, node: at(model.accuracy.node) },
    } satisfies ModelGraph,
    optimizer: { ...optimizer, groups: [{ ...group, parameters: [...(group?.parameters ?? []), ...added] }, ...groups] },
  };
}

/** nn.BatchNorm1d, 2d or 3d with its defaults; its two parameters are added to the list. */
function batchNormAfter(node: ModelNode, input: number, parameters: ParameterSpec[]): ModelNode {
  const features =
    node.kind === 'linear'
      ? node.arguments.out
      : node.kind === 'conv1d' || node.kind === 'conv2d' || node.kind === 'conv3d'
        ? node.arguments.outChannels
        : 0;
  const add = (role: string, value: number): number =>
    parameters.push({
      name: `${node.name}.norm.${role}`,
      shape: [features],
      initializer: { kind: 'constant', value },
      range: node.range,
      isDefault: true,
      trainable: true,
    }) - 1;
  return {
    kind: 'batchNorm',
    arguments: {
      features,
      epsilon: 1e-5,
      momentum: 0.1,
      trackStatistics: true,
      dimensions: node.kind === 'conv3d' ? 3 : node.kind === 'conv2d' ? 2 : 1,
    },
    inputs: [input],
    parameters: { weight: add('weight', 1), bias: add('bias', 0) },
    name: `${node.name}.norm`,
    range: node.range,
    call: node.call,
    places: {},
  };
}

/** The data with every input column (every channel of images) at mean 0 and deviation 1 over the training rows; null where they are so, or are no real numbers. */
export function withNormalisedInputs(dataset: Dataset): Dataset | null {
  const [input, ...others] = dataset.train.inputs;
  if (!input || others.length > 0 || input.values instanceof Int32Array || input.shape.length < 2) return null;
  const columns = input.shape[1] as number;
  const size = input.shape.slice(2).reduce((product, length) => product * length, 1);
  const moments = Array.from({ length: columns }, (_, column) => momentsOf(input, column, columns, size));
  const varied = moments.filter(({ deviation }) => deviation > 0);
  const isNormal = varied.every(({ mean, deviation }) => deviation > 0.5 && deviation < 2 && Math.abs(mean) < 0.1 * deviation);
  if (isNormal) return null;
  const normalise = (tensor: Tensor): Tensor => ({
    shape: tensor.shape,
    values: Float32Array.from(tensor.values, (value, i) => {
      const { mean, deviation } = moments[Math.floor(i / size) % columns] as Moments;
      return deviation > 0 ? (value - mean) / deviation : 0;
    }),
  });
  const of = (split: Dataset['train']): Dataset['train'] => ({ ...split, inputs: split.inputs.map(normalise) });
  return { ...dataset, train: of(dataset.train), validation: dataset.validation && of(dataset.validation) };
}

interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

function momentsOf({ values, shape }: Tensor, column: number, columns: number, size: number): Moments {
  const rows = shape[0] ?? 0;
  const each = (use: (value: number) => void): void => {
    for (let row = 0; row < rows; row++)
      for (let i = 0; i < size; i++) use(values[(row * columns + column) * size + i] as number);
  };
  let [sum, squares] = [0, 0];
  each((value) => (sum += value));
  const mean = sum / (rows * size);
  each((value) => (squares += (value - mean) ** 2));
  return { mean, deviation: Math.sqrt(squares / (rows * size)) };
}
