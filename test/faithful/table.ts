import type { Gaps } from '../../src/service/comparison/gaps';

const heads = ['script', 'steps', 'loss', 'gradient norm', 'final tensor', "PyTorch's own", 'which'] as const;

/** All comparisons, one a line: largest relative gaps of the loss and of gradient norms, and the tensor that ends furthest. */
export function tableOf(comparisons: ReadonlyMap<string, Gaps>): string {
  const lines = [...comparisons].map(([name, { steps, loss, norm, tensor }]) => [
    name,
    String(steps),
    ...[loss, norm, tensor.gap, tensor.own].map((gap) => gap.toExponential(1)),
    tensor.name,
  ]);
  const widths = heads.map((head, k) => Math.max(head.length, ...lines.map((line) => line[k]?.length ?? 0)));
  return [[...heads], ...lines].map((line) => line.map((cell, k) => cell.padEnd(widths[k] ?? 0)).join('  ')).join('\n');
}
