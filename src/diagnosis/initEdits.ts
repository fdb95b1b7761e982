import type { ModelGraph, ModelNode, ParameterSpec } from '../records/model/graph';
import type { TextEdit } from '../records/source';
import { niceRate, replaceWithin } from './edits';
import { place, samePlace } from './finding';
import { initPlace } from './initPlace';
import { rectifiers, takers, weighingNodes } from './graphWalk';
import type { Remedy } from './removal';
import type { Evidence } from './rule';
import { parseCall, textAt } from './text';
import type { Variant } from './trials';
import { editVariant } from './trials';

/** The parameter in a role of a layer. */
export function parameterOf(model: ModelGraph, node: ModelNode, role: string): ParameterSpec | undefined {
  const index = node.parameters[role];
  return index === undefined ? undefined : model.parameters[index];
}

/** Replaces a `nn.init.…_(w, …)` call by the initialiser that suits the activation after the layer; null when it is no such call. */
export function initRemedy(e: Evidence, model: ModelGraph, node: ModelNode): Remedy | null {
  const weight = parameterOf(model, node, 'weight');
  if (weight === undefined || weight.isDefault) return null;
  const rectified = takers(model, model.nodes.indexOf(node)).some(
    (taker) => rectifiers.includes(taker.kind) || taker.kind === 'leakyRelu',
  );
  const named = namedInitialiser(e, weight, rectified ? 'he_uniform' : 'glorot_uniform');
  if (named) return named;
  const name = rectified ? 'kaiming_uniform_' : 'xavier_uniform_';
  const shared = model.parameters.some((spec) => spec.shape.length < 2 && samePlace(spec.range, weight.range));
  // A call that also initialises biases must take vectors, which have no fans.
  if (shared) return normalRemedy(e, weight, rectified ? 2 : 1);
  const edits = replaceInit(e, weight, name, rectified ? ", nonlinearity='relu'" : '');
  return edits.length === 0 ? null : { title: `Initialise with ${name}`, edits };
}

/** Keras's initialisers are strings, or objects of `initializers`, in whose place a string may stand. */
function namedInitialiser(e: Evidence, weight: ParameterSpec, name: string): Remedy | null {
  const isObject = /(?:^|\.)(?:initializers\.\w+|(?:zeros|ones|constant|random_\w+)_initializer)$/;
  const range = initPlace(e.texts, weight.range);
  const callee = parseCall(textAt(e.texts, range) ?? '')?.callee ?? '';
  const isBare = /^(?:RandomNormal|RandomUniform|TruncatedNormal|Constant|Ones|Zeros)$/.test(callee);
  const edits =
    isBare || isObject.test(callee)
      ? [{ ...place(range), newText: `'${name}'` }]
      : replaceWithin(e.texts, range, /^(['"])\w+\1$/, `'${name}'`);
  return edits.length === 0 ? null : { title: `Initialise with ${name}`, edits };
}

/** The usual initialiser for every layer whose weights the script initialises; null when there is none that can be written. */
export function initRemedies(e: Evidence, model: ModelGraph, nodes: readonly ModelNode[] = weighingNodes(model)): Remedy | null {
  const remedies = nodes.flatMap((node) => initRemedy(e, model, node) ?? []);
  const [first] = remedies;
  if (first === undefined) return null;
  // An init call in a loop or function serves several layers: it is edited once, as its first layer needs it.
  const edits = new Map(
    remedies
      .flatMap((remedy) => remedy.edits)
      .map((edit) => [`${edit.path}:${edit.line}:${edit.column}`, edit] as const)
      .reverse(),
  );
  return { title: first.title, edits: [...edits.values()] };
}

/** The trial of such a remedy, shared by the rules that may ask for it. */
export const initVariant = (remedy: Remedy): Variant =>
  editVariant('init-scale', remedy.edits, remedy.edits.map(({ line, column }) => `${line}:${column}`).join('+'));

/** For a call that takes vectors as well: a normal distribution of the deviation that suits the layer. */
function normalRemedy(e: Evidence, weight: ParameterSpec, gain: number): Remedy | null {
  const fanIn = weight.shape[1];
  if (typeof fanIn !== 'number') return null;
  const deviation = niceRate(Math.sqrt(gain / fanIn));
  const edits = replaceInit(e, weight, 'normal_', `, std=${deviation}`);
  return edits.length === 0 ? null : { title: `Initialise with a standard deviation of ${deviation}`, edits };
}

/** Another initialiser in the place of a `nn.init.…_(w, …)` call, with `more` after the tensor; empty when it is no such call. */
export function replaceInit(e: Evidence, weight: ParameterSpec, name: string, more: string): readonly TextEdit[] {
  const parsed = parseCall(textAt(e.texts, weight.range) ?? '');
  const [tensor] = parsed?.arguments ?? [];
  if (parsed === null || tensor === undefined || !/(^|\.)[a-z_]+_$/.test(parsed.callee) || !parsed.callee.includes('init'))
    return [];
  return [{ ...place(weight.range), newText: `${parsed.callee.replace(/[a-z_]+$/, name)}(${tensor.text}${more})` }];
}
