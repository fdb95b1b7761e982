import type { ModelGraph, ModelNode, ParameterSpec } from '../records/model';
import type { TextEdit } from '../records/source';
import { place } from './finding';
import { rectifiers, takers } from './graphWalk';
import type { Remedy } from './removal';
import type { Evidence } from './rule';
import { parseCall, textAt } from './text';

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
  const name = rectified ? 'kaiming_uniform_' : 'xavier_uniform_';
  const edits = replaceInit(e, weight, name, rectified ? ", nonlinearity='relu'" : '');
  return edits.length === 0 ? null : { title: `Initialise with ${name}`, edits };
}

function replaceInit(e: Evidence, weight: ParameterSpec, name: string, more: string): readonly TextEdit[] {
  const parsed = parseCall(textAt(e.texts, weight.range) ?? '');
  const [tensor] = parsed?.arguments ?? [];
  if (parsed === null || tensor === undefined || !/(^|\.)[a-z_]+_$/.test(parsed.callee) || !parsed.callee.includes('init'))
    return [];
  return [{ ...place(weight.range), newText: `${parsed.callee.replace(/[a-z_]+$/, name)}(${tensor.text}${more})` }];
}
