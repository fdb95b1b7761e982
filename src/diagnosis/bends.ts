import type { ModelGraph, ModelNode } from '../records/model/graph';
import type { LayerKind } from '../records/model/layers';
import type { TextEdit } from '../records/source';
import { giveActivation } from './edits';
import { samePlace } from './finding';
import { isCarrying, isOutput, isWeighing } from './graphWalk';
import type { Evidence } from './rule';
import type { Texts } from './text';
import { editAt, enclosingBracket, offsetAt, parseCall, textAt } from './text';

/** Layers that keep a model linear in its inputs, for one state of their own. */
const straight: readonly LayerKind[] = ['input', 'dropout', 'batchNorm'];

/** Activations that people put on an output. */
const ofOutputs: readonly LayerKind[] = ['softmax', 'logSoftmax', 'sigmoid', 'logSigmoid'];

/**
 * The layers of a model that follow one another without a bend anywhere, so that together they are a single linear map; empty where
 * there is one, or only one such layer.
 */
export function linearStack(model: ModelGraph): readonly ModelNode[] {
  const nodes = model.nodes.slice(0, model.lossStart).filter(({ kind }) => kind !== 'target');
  const isStraight = (node: ModelNode): boolean => straight.includes(node.kind) || isWeighing(node) || isCarrying(node);
  if (!nodes.every((node) => isStraight(node) || (ofOutputs.includes(node.kind) && isOutput(model, node)))) return [];
  const layers = nodes.filter(isWeighing);
  return layers.length < 2 ? [] : layers;
}

/** Edits that put a ReLU behind each layer of a stack but the last; empty where the text does not allow it. */
export function bendEdits(e: Evidence, stack: readonly ModelNode[]): readonly TextEdit[] {
  const output = stack.at(-1);
  if (output === undefined) return [];
  const { framework } = e.experiment.unit;
  // One word of scikit-learn's stands for all activations.
  if (framework === 'sklearn') return identityBent(e.texts, output.range);
  const each = stack.slice(0, -1).map((node) => {
    // One constructor that makes several layers makes the output as well.
    if (samePlace(node.range, output.range)) return [];
    return framework === 'keras' ? giveActivation(e.texts, node.range, 'relu') : bend(e.texts, node, output);
  });
  if (each.some((edits) => edits.length === 0)) return [];
  const edits = each.flat();
  return edits.filter((edit, i) => edits.findIndex((other) => samePlace(other, edit) && other.newText === edit.newText) === i);
}

/** The rectifier in place of the identity that an estimator of scikit-learn is given. */
function identityBent(texts: Texts, call: ModelNode['range']): readonly TextEdit[] {
  const text = texts[call.path];
  const given = /\bactivation\s*=\s*((['"])identity\2)/.exec(textAt(texts, call) ?? '');
  if (text === undefined || given?.[1] === undefined) return [];
  const end = offsetAt(text, call.line, call.column) + given.index + given[0].length;
  return [editAt(call.path, text, end - given[1].length, end, "'relu'")];
}

/** A ReLU as the next element of a `Sequential`, or around the call in the forward pass. */
function bend(texts: Texts, { range, call }: ModelNode, output: ModelNode): readonly TextEdit[] {
  const text = texts[range.path];
  const made = parseCall(textAt(texts, range) ?? '');
  if (text === undefined || made === null) return [];
  const start = offsetAt(text, range.line, range.column);
  const around = enclosingBracket(text, start);
  if (around !== null && (around.bracket === '[' || around.callee.endsWith('Sequential'))) {
    const relu = made.callee.replace(/\w+$/, 'ReLU');
    const end = offsetAt(text, range.endLine, range.endColumn);
    return relu.includes('.') || /\bimport\b.*\bReLU\b/.test(text) ? [editAt(range.path, text, end, end, `, ${relu}()`)] : [];
  }
  return samePlace(range, call) || samePlace(call, output.call) ? [] : wrapped(texts, call);
}

function wrapped(texts: Texts, call: ModelNode['call']): readonly TextEdit[] {
  const text = texts[call.path];
  if (text === undefined || parseCall(textAt(texts, call) ?? '') === null) return [];
  const relu = /^\s*import torch\s*(#.*)?$/m.test(text) ? 'torch.relu' : /\bas F\b/.test(text) ? 'F.relu' : null;
  if (relu === null) return [];
  const [start, end] = [offsetAt(text, call.line, call.column), offsetAt(text, call.endLine, call.endColumn)];
  return [editAt(call.path, text, start, start, `${relu}(`), editAt(call.path, text, end, end, ')')];
}
