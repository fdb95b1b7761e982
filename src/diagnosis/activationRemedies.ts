import type { ModelGraph, ModelNode } from '../records/model/graph';
import { replaceWithin } from './edits';
import { samePlace } from './finding';
import { isOutput } from './graphWalk';
import type { Remedy } from './removal';
import type { Evidence } from './rule';
import type { Variant } from './trials';
import { editVariant } from './trials';

/** The hidden sigmoids of a model. */
export const hiddenSigmoids = (model: ModelGraph): readonly ModelNode[] =>
  model.nodes.filter((node) => node.kind === 'sigmoid' && !isOutput(model, node));

/** Tanh in place of every hidden sigmoid; null where the text does not allow it. */
export const tanhRemedy = (e: Evidence, model: ModelGraph): Remedy | null =>
  renamed(e, model, hiddenSigmoids(model), ['Tanh', 'tanh']);

/** ReLU in place of every hidden sigmoid and tanh; null where the text does not allow it. */
export const reluRemedy = (e: Evidence, model: ModelGraph): Remedy | null =>
  renamed(
    e,
    model,
    model.nodes.filter((node) => (node.kind === 'sigmoid' || node.kind === 'tanh') && !isOutput(model, node)),
    ['ReLU', 'relu'],
  );

/** Another activation in place of `nodes`, by its names as a module and as a function. */
function renamed(
  e: Evidence,
  model: ModelGraph,
  nodes: readonly ModelNode[],
  [asModule, asFunction]: readonly [string, string],
): Remedy | null {
  const edits = nodes.flatMap((node) => [
    ...replaceWithin(e.texts, node.range, /\b(?:Sigmoid|Tanh)\b/, asModule),
    ...replaceWithin(e.texts, node.range, /\b(?:sigmoid|tanh)\b/, asFunction),
  ]);
  // One constructor in a loop makes several layers; where it makes the output as well, it stays.
  const others = model.nodes.filter((node) => (node.kind === 'sigmoid' || node.kind === 'tanh') && !nodes.includes(node));
  if (others.some((other) => nodes.some((node) => samePlace(node.range, other.range)))) return null;
  const different = edits.filter((edit, i) => edits.findIndex((other) => samePlace(other, edit)) === i);
  return different.length === 0 ? null : { title: `Use ${asFunction}`, edits: different };
}

/** The trial of that remedy, shared by the rules that may ask for it. */
export const tanhVariant = (remedy: Remedy): Variant => editVariant('uncentred-activations', remedy.edits, 'tanh');
