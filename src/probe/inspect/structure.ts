import type { OutwardRay } from '../../curvature/outwardFall';
import type { ScaleGroup } from '../../curvature/scaleFree';
import { isWeighing, lossNodes, maker, rectifiers, scored, takers } from '../../diagnosis/graphWalk';
import type { ParameterView, Twin } from '../../engine/twin';
import type { Experiment } from '../../records/experiment';
import type { ModelGraph, ModelNode } from '../../records/model/graph';
import type { LayerKind } from '../../records/model/layers';

/** Losses whose gradient jumps, and whose second derivative is zero almost everywhere. */
const kinkedLosses: readonly LayerKind[] = ['l1', 'abs', 'relu', 'clamp', 'hardTanh'];
/** Losses whose gradient bends: their second derivative is zero where errors are large. */
const bentLosses: readonly LayerKind[] = ['huber', 'smoothL1'];
const kinkedActivations: readonly LayerKind[] = [
  ...rectifiers,
  'leakyRelu',
  'prelu',
  'hardTanh',
  'hardSigmoid',
  'hardSwish',
  'softshrink',
  'hardshrink',
  'threshold',
  'abs',
  'clamp',
  'maxPool1d',
  'maxPool2d',
];

/**
 * What the loss itself has: gradients that jump (its Hessian leaves out what matters), that only bend (its Hessian holds as far as no error
 * crosses a bend), or neither.
 */
export function kinksOfLoss(model: ModelGraph): 'jumps' | 'bends' | 'none' {
  const nodes = [...lossNodes(model), ...model.nodes.slice(model.lossStart)];
  const isJump = (node: ModelNode): boolean =>
    kinkedLosses.includes(node.kind) || (node.kind === 'smoothL1' && node.arguments.beta === 0);
  if (nodes.some(isJump)) return 'jumps';
  return nodes.some(({ kind }) => bentLosses.includes(kind)) ? 'bends' : 'none';
}

/** Whether activations have kinks, which a step may cross and the Hessian does not see. */
export const hasKinkedActivations = (model: ModelGraph): boolean =>
  model.nodes
    .slice(0, model.lossStart)
    .some((node) => kinkedActivations.includes(node.kind) || (node.kind === 'rnn' && node.arguments.activation === 'relu'));

/**
 * Weights whose lengths have no effect, since a normalisation takes them out again: each filter before batch norm on batch statistics;
 * weight and bias of all units together before layer norm, of a group's before group norm. Only where nothing else reads the layer.
 */
export function scaleFreeGroups({ model, loop }: Experiment, twin: Twin): ScaleGroup[] {
  if (!model) return [];
  const places = new Map(twin.parameters.map((view) => [view.name, view]));
  return model.nodes.flatMap((node): ScaleGroup[] => {
    const joint = node.kind === 'layerNorm' || node.kind === 'rmsNorm' || node.kind === 'groupNorm';
    if (!joint && (node.kind !== 'batchNorm' || loop?.trainsInEvalMode)) return [];
    const layer = joint ? model.nodes[node.inputs[0] ?? -1] : maker(model, node.inputs[0] ?? -1);
    if (!layer || !isWeighing(layer) || takers(model, model.nodes.indexOf(layer)).length !== 1) return [];
    const of = (role: string): ParameterView | null => {
      const index = layer.parameters[role];
      const isShared = index !== undefined && readersOf(model, index) > 1;
      return isShared ? null : (places.get(model.parameters[index ?? -1]?.name ?? '') ?? null);
    };
    const weight = of('weight');
    if (weight === null || weight.shape.length < 2) return [];
    if (node.kind === 'batchNorm') return parts(weight, weight.shape[0] ?? 1).map((range) => [range]);
    const count = node.kind === 'groupNorm' ? node.arguments.groups : 1;
    const bias = layer.parameters['bias'] === undefined ? null : of('bias');
    if (layer.parameters['bias'] !== undefined && bias === null) return [];
    const biases = bias === null ? [] : parts(bias, count);
    return parts(weight, count).map((range, i) => [range, ...biases.slice(i, i + 1)]);
  });
}

const readersOf = (model: ModelGraph, parameter: number): number =>
  model.nodes.filter(({ parameters }) => Object.values(parameters).includes(parameter)).length;

/** A parameter in equal parts along its first axis. */
function parts({ offset, length }: ParameterView, count: number): { readonly offset: number; readonly length: number }[] {
  const each = length / count;
  return Number.isInteger(each) ? Array.from({ length: count }, (_, i) => ({ offset: offset + i * each, length: each })) : [];
}

/** Losses that fall for ever where outputs may be scaled up without a row getting worse: separable classes. */
const logarithmic: readonly LayerKind[] = ['crossEntropy', 'nll', 'bce', 'bceWithLogits'];
const probabilities: readonly LayerKind[] = ['softmax', 'logSoftmax', 'sigmoid', 'logSigmoid'];
/** Outputs that are looked along, at most. */
const mostOutputs = 20;

/** For each output of a classifier the direction in which its logit is scaled up: its weights beside the mean of all outputs' (which no softmax sees). */
export function outputRays(model: ModelGraph, twin: Twin): Omit<OutwardRay, 'fades'>[] {
  const places = new Map(twin.parameters.map((view) => [view.name, view]));
  return lossNodes(model).flatMap((loss): Omit<OutwardRay, 'fades'>[] => {
    if (!logarithmic.includes(loss.kind)) return [];
    const made = scored(model, loss)?.layer;
    const layer = made && probabilities.includes(made.kind) ? maker(model, made.inputs[0] ?? -1) : made;
    if (layer?.kind !== 'linear') return [];
    const views = Object.values(layer.parameters).flatMap((index) => places.get(model.parameters[index]?.name ?? '') ?? []);
    const outputs = Number(views[0]?.shape[0] ?? 0);
    if (outputs < 1 || outputs > mostOutputs || views.some(({ shape }) => shape[0] !== outputs)) return [];
    return Array.from({ length: outputs }, (_, output) => ({
      name: `output ${output} of ${layer.name} scaled up`,
      direction: (theta) => scaledOutput(theta, views, output, outputs),
    }));
  });
}

function scaledOutput(theta: Float32Array, views: readonly ParameterView[], output: number, outputs: number): Float32Array {
  const direction = new Float32Array(theta.length);
  for (const { offset, length } of views) {
    const each = length / outputs;
    for (let i = 0; i < each; i++) {
      let mean = 0;
      if (outputs > 1) for (let row = 0; row < outputs; row++) mean += (theta[offset + row * each + i] as number) / outputs;
      const at = offset + output * each + i;
      direction[at] = (theta[at] as number) - mean;
    }
  }
  return direction;
}
