import type { ParameterPlace } from '../../curvature/symmetry';
import { isWeighing, lossNodes, maker, rectifiers } from '../../diagnosis/graphWalk';
import type { Twin } from '../../engine/twin';
import type { Experiment } from '../../records/experiment';
import type { LayerKind, ModelGraph } from '../../records/model';

/** Losses whose second derivative is zero almost everywhere, or is outside of an interval. */
const kinkedLosses: readonly LayerKind[] = ['l1', 'huber', 'smoothL1', 'abs', 'relu', 'clamp', 'hardTanh'];
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

/** Whether the loss itself has kinks: its Hessian then leaves out what matters. */
export const hasKinkedLoss = (model: ModelGraph): boolean =>
  lossNodes(model).some(({ kind }) => kinkedLosses.includes(kind)) ||
  model.nodes.slice(model.lossStart).some(({ kind }) => kinkedLosses.includes(kind));

/** Whether activations have kinks, which a step may cross and the Hessian does not see. */
export const hasKinkedActivations = (model: ModelGraph): boolean =>
  model.nodes.slice(0, model.lossStart).some(({ kind }) => kinkedActivations.includes(kind));

/** Weights whose filters' lengths have no effect, since batch norm on batch statistics takes them out again. */
export function scaleFreeWeights({ model, loop }: Experiment, twin: Twin): ParameterPlace[] {
  if (!model || loop?.trainsInEvalMode) return [];
  return model.nodes.flatMap((node) => {
    if (node.kind !== 'batchNorm') return [];
    const layer = maker(model, node.inputs[0] ?? -1);
    if (!layer || !isWeighing(layer)) return [];
    const name = model.parameters[layer.parameters['weight'] ?? -1]?.name;
    const view = twin.parameters.find((parameter) => parameter.name === name);
    return view ? [view] : [];
  });
}
