import type { DataStatistics } from '../records/dataset';
import type { ModelGraph } from '../records/model/graph';
import type { LossNode } from './graphWalk';
import { isCarrying } from './graphWalk';
import { rowShape } from './rowShapes';

/** Targets of a type or rank that PyTorch refuses, and what to write behind them. */
export interface TypeFault {
  readonly words: string;
  /** The method calls that give them the type and rank wanted. */
  readonly change: string;
}

/** Losses whose backward pass refuses integers ("Found dtype Long but expected Float"). L1 and smooth L1 take them. */
const wantFloats = ['bce', 'bceWithLogits', 'mse', 'huber'];

/** The type of a tensor made of targets alone; null when it is not known. */
function typeOf(model: ModelGraph, statistics: DataStatistics, index: number): 'float' | 'integer' | null {
  const node = model.nodes[index];
  if (node?.kind === 'target') return node.arguments.index === 0 ? (statistics.target.type ?? null) : null;
  if (node?.kind === 'cast') return node.arguments.to;
  return node !== undefined && isCarrying(node) ? typeOf(model, statistics, node.inputs[0] ?? -1) : null;
}

/** What PyTorch would refuse about the targets of a loss before any step; null when nothing is known to be wrong. */
export function typeFaultOf(model: ModelGraph, statistics: DataStatistics, loss: LossNode): TypeFault | null {
  const [output = -1, target = -1] = loss.inputs;
  const type = typeOf(model, statistics, target);
  if (loss.kind === 'crossEntropy' || loss.kind === 'nll') return classFault(model, statistics, type, output, target);
  if (type !== 'integer' || !wantFloats.includes(loss.kind)) return null;
  return {
    words:
      'The targets are integers, and this loss takes floating-point numbers: PyTorch stops with "Found dtype Long but expected Float" or the like.',
    change: '.float()',
  };
}

function classFault(
  model: ModelGraph,
  statistics: DataStatistics,
  type: 'float' | 'integer' | null,
  output: number,
  target: number,
): TypeFault | null {
  const scores = rowShape(model, statistics, output);
  const labels = rowShape(model, statistics, target);
  if (scores?.length !== 1 || labels === null || type === null) return null;
  if (labels.length === 1 && labels[0] === 1 && scores[0] !== 1)
    return {
      words: 'The class numbers come as a column, [N, 1]: PyTorch stops with "0D or 1D target tensor expected".',
      change: type === 'float' ? '.squeeze(1).long()' : '.squeeze(1)',
    };
  if (labels.length > 0 || type === 'integer') return null;
  return {
    words:
      'The targets are floating-point numbers, and class numbers must be integers: PyTorch stops with "expected scalar type Long but found Float".',
    change: '.long()',
  };
}
