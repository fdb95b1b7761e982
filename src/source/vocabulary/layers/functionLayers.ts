import type { Size } from '../../../graph/size';
import type { Layers } from '../../../records/model/layers';
import { Arguments, sizeOf, type Argument, type Handler } from '../../interpret/call';
import { graphOperation, lifted, tensorBinary } from '../../interpret/tensors';
import { none, numberValue, tensorValue, unknown, unreadable, type Value } from '../../values/value';
import { adaptiveSoftmax } from './adaptiveSoftmax';
import { composedLayer } from './composedLayer';
import { ctcLoss, ctcNames } from './ctcLoss';
import { embeddingBag } from './embeddingBag';
import { rolesOf } from './functionalLayers';
import type { FunctionTable } from '../functionTable';
import { inPlaceMethod } from '../tensors/inPlace';
import { mathematicalOperations } from '../tensors/tensorFunctions';
import type { TensorOperation } from '../tensors/tensorOperation';
import { asFunction } from '../tensors/tensorOperations';
import { tripletTable } from './tripletDistance';
import { randomReluStep, unfoldNames, unfoldStep } from './windowLayers';

/** A module whose call is a function with the arguments that the module was made with. */
const asModule =
  (path: string, names: string, operation: TensorOperation): Handler =>
  (call) => {
    const a = new Arguments(call, names);
    const given = names.split(' ').flatMap((name): [string, Argument][] => {
      const argument = a.argument(name);
      return argument ? [[name, argument]] : [];
    });
    return composedLayer(path, a, {}, {}, (_layer, applied) =>
      asFunction(operation, { ...applied, keywords: new Map([...given, ...applied.keywords]) }),
    );
  };

/** (Σ xᵖ)^(1/p) over every window: p-th powers, their mean times its number, and the root. */
const powerPool = (axes: 1 | 2): TensorOperation => ({
  names: 'norm_type kernel_size stride ceil_mode',
  run: (x, a) => {
    const { machine: m, range } = a.call;
    const p = a.number('norm_type');
    const kernel = a.extent('kernel_size', axes);
    const stride = a.extent('stride', axes, kernel);
    const args: Layers['avgPool2d'] = {
      kernel,
      stride,
      padding: kernel.map(() => 0),
      ...(a.boolean('ceil_mode', false) ? { ceil: true } : {}),
    };
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    const powers = graphOperation(m, 'power', { exponent: p }, [x], range);
    const means = graphOperation(m, axes === 1 ? 'avgPool1d' : 'avgPool2d', args, [powers], range);
    const sums = tensorBinary(m, '*', means, numberValue(kernel.reduce((product, size) => product * size, 1)), range);
    return graphOperation(m, 'power', { exponent: 1 / p }, [sums], range);
  },
});

/** Values put back to where a pooling took them, zeros around them. */
const unpool = (axes: 1 | 2): TensorOperation => ({
  names: 'indices kernel_size stride padding output_size',
  run: (x, a) => {
    const { machine: m, range } = a.call;
    const kernel = a.extent('kernel_size', axes);
    const stride = a.extent('stride', axes, kernel);
    const padding = a.extent(
      'padding',
      axes,
      kernel.map(() => 0),
    );
    // An element that two windows take would be put down twice.
    if (kernel.some((size, i) => size > (stride[i] ?? 1))) a.reject('kernel_size', 'Windows that overlap are not put back');
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    const from = x.kind === 'tensor' ? x.node.shape?.slice(2) : null;
    const whole = from?.map((size, i) =>
      typeof size === 'number' ? (size - 1) * (stride[i] ?? 1) - 2 * (padding[i] ?? 0) + (kernel[i] ?? 1) : null,
    );
    const size = a.given('output_size') ? sizesOf(a.value('output_size') ?? none).slice(-axes) : (whole ?? []);
    if (size.length !== axes || size.some((s) => s === null)) return unreadable('The size of this result is not known', range);
    return graphOperation(m, 'maxUnpool', { size: size as Size[] }, [x, a.value('indices') ?? unknown], range);
  },
});

const sizesOf = (value: Value): readonly (Size | null)[] =>
  value.kind === 'shape' ? value.sizes : value.kind === 'list' ? value.items.map(sizeOf) : [];

/** A rectifier with a random slope where it trains, else with the mean of the slopes. */
const randomRelu: TensorOperation = {
  names: 'lower upper training inplace',
  run: (x, a) => {
    const { machine: m, range } = a.call;
    const { kind, arguments: args } = randomReluStep(a);
    const { low, high } = args as Layers['randomRelu'];
    const isTraining = a.boolean('training', false);
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    if (isTraining) return graphOperation(m, kind, args, [x], range);
    return graphOperation(m, 'leakyRelu', { slope: (low + high) / 2 }, [x], range);
  },
};

/** Windows of the planes as columns. */
const unfolded: TensorOperation = {
  names: unfoldNames,
  run: (x, a) => {
    const { kind, arguments: args } = unfoldStep(a);
    return a.problems[0]
      ? { kind: 'unknown', reason: a.problems[0] }
      : graphOperation(a.call.machine, kind, args, [x], a.call.range);
  },
};

/** Every channel by itself, with scale and shift where the script gives parameters. */
const instanceNorm: TensorOperation = {
  names: 'running_mean running_var weight bias use_input_stats momentum eps',
  run: (x, a) => {
    const { machine: m, range } = a.call;
    const node = lifted(m, x, range);
    const channels = node?.shape?.[1] ?? null;
    for (const name of ['running_mean', 'running_var']) if (a.given(name)) a.reject(name, 'Running statistics are not read here');
    if (!a.boolean('use_input_stats', true)) a.reject('use_input_stats', 'Running statistics are not read here');
    const cells = rolesOf(a, ['weight', 'bias']);
    if (!cells) return unreadable('This weight is no parameter by itself', range);
    const args = { groups: typeof channels === 'number' ? channels : 1, channels: channels ?? 0, epsilon: a.number('eps', 1e-5) };
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    if (!node || typeof channels !== 'number') return unreadable('The number of channels is not known here', range);
    return tensorValue(m.trace.add('groupNorm', args, [node], range, { parameters: cells }));
  },
};

const affineGrid: TensorOperation = {
  names: 'size align_corners',
  run: (x, a) => {
    const { machine: m, range } = a.call;
    const size = sizesOf(a.value('size') ?? none);
    const alignCorners = a.boolean('align_corners', false);
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    if (size.length !== 4 || size.slice(2).some((s) => s === null))
      return unreadable('The size of these planes is not known', range);
    return graphOperation(m, 'affineGrid', { size: size.slice(2) as Size[], alignCorners }, [x], range);
  },
};

const gridSample: TensorOperation = {
  names: 'grid mode padding_mode align_corners',
  run: (x, a) => {
    const { machine: m, range } = a.call;
    const [mode, padding] = [a.string('mode', 'bilinear'), a.string('padding_mode', 'zeros')];
    const alignCorners = a.boolean('align_corners', false);
    if (mode !== 'bilinear' && mode !== 'nearest') a.reject('mode', `Sampling by "${mode}" is not read`);
    if (padding !== 'zeros' && padding !== 'border') a.reject('padding_mode', `Padding by "${padding}" is not read here`);
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    const args = { mode, padding, alignCorners } as Layers['gridSample'];
    return graphOperation(m, 'gridSample', args, [x, a.value('grid') ?? unknown], range);
  },
};

/** A function that changes its tensor in place, as the method of its name does. */
const inPlace =
  (name: string): Handler =>
  (call) => {
    const [first, ...positional] = call.positional;
    const x = first?.value ?? unknown;
    const method = x.kind === 'tensor' || x.kind === 'array' ? inPlaceMethod(x, name) : null;
    return method ? method(x, { ...call, positional }) : unreadable(`\`${name}\` is not read here`, call.range);
  };

const changing = ['relu_', 'leaky_relu_', 'elu_', 'celu_', 'selu_', 'hardtanh_', 'threshold_'];

/** Layers that are functions with arguments of their own, and functions whose names mean something else as methods. */
export function functionLayers(): FunctionTable {
  const operations: readonly (readonly [module: string, name: string, names: string, operation: TensorOperation | undefined])[] =
    [
      ['CosineSimilarity', 'cosine_similarity', 'dim eps', mathematicalOperations['cosine_similarity']],
      ['PairwiseDistance', 'pairwise_distance', 'p eps keepdim', mathematicalOperations['pairwise_distance']],
      ['CTCLoss', 'ctc_loss', ctcNames, ctcLoss],
      ['LPPool1d', 'lp_pool1d', 'norm_type kernel_size stride ceil_mode', powerPool(1)],
      ['LPPool2d', 'lp_pool2d', 'norm_type kernel_size stride ceil_mode', powerPool(2)],
      ['MaxUnpool1d', 'max_unpool1d', 'kernel_size stride padding', unpool(1)],
      ['MaxUnpool2d', 'max_unpool2d', 'kernel_size stride padding', unpool(2)],
    ];
  const asFunctions = operations.flatMap(([module, name, names, operation]): [string, Handler][] =>
    operation
      ? [
          [`torch.nn.${module}`, asModule(`torch.nn.${module}`, names, operation)],
          [`torch.nn.functional.${name}`, (call) => asFunction(operation, call)],
        ]
      : [],
  );
  return {
    ...Object.fromEntries(asFunctions),
    'torch.nn.functional.instance_norm': (call) => asFunction(instanceNorm, call),
    'torch.nn.functional.affine_grid': (call) => asFunction(affineGrid, call),
    'torch.nn.functional.grid_sample': (call) => asFunction(gridSample, call),
    ...Object.fromEntries(
      changing.flatMap((name): [string, Handler][] => [
        [`torch.nn.functional.${name}`, inPlace(name)],
        [`torch.${name}`, inPlace(name)],
      ]),
    ),
    'torch.nn.functional.unfold': (call) => asFunction(unfolded, call),
    'torch.nn.functional.rrelu': (call) => asFunction(randomRelu, call),
    'torch.rrelu': (call) => asFunction(randomRelu, call),
    'torch.nn.EmbeddingBag': embeddingBag,
    'torch.nn.AdaptiveLogSoftmaxWithLoss': adaptiveSoftmax,
    ...tripletTable,
  };
}
