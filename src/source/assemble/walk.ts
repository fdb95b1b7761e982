import type { TraceNode } from '../values/trace';

/** `roots` and everything that they are computed from. */
export function ancestors(roots: readonly TraceNode[]): Set<TraceNode> {
  const seen = new Set<TraceNode>();
  const stack = [...roots];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push(...node.inputs);
  }
  return seen;
}

/** In the order in which the script computes them. */
export const inOrder = (nodes: Iterable<TraceNode>): TraceNode[] => [...nodes].sort((a, b) => a.id - b.id);
