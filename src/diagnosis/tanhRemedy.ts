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
export function tanhRemedy(e: Evidence, model: ModelGraph): Remedy | null {
  const edits = hiddenSigmoids(model).flatMap((node) => [
    ...replaceWithin(e.texts, node.range, /\bSigmoid\b/, 'Tanh'),
    ...replaceWithin(e.texts, node.range, /\bsigmoid\b/, 'tanh'),
  ]);
  // One constructor in a loop makes several layers; where it makes the output as well, it stays.
  const outputs = model.nodes.filter((node) => node.kind === 'sigmoid' && isOutput(model, node));
  if (outputs.some((output) => hiddenSigmoids(model).some((node) => samePlace(node.range, output.range)))) return null;
  const different = edits.filter((edit, i) => edits.findIndex((other) => samePlace(other, edit)) === i);
  return different.length === 0 ? null : { title: 'Use tanh', edits: different };
}

/** The trial of that remedy, shared by the rules that may ask for it. */
export const tanhVariant = (remedy: Remedy): Variant => editVariant('uncentred-activations', remedy.edits, 'tanh');
