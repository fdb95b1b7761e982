import { kernelWay } from './engineKernelWay';
import type { NetName } from './engineNets';
import { adamStep, buildNet, sgdStep } from './engineNets';
import type { Way } from './engineWays';
import { hvpWay, loopWay, smallWays } from './engineWays';

/** The work of a row. */
export type Task = 'sgd' | 'adam' | 'hvp' | 'hvpFromScratch';

/** What the rows are called. */
export const titles: Readonly<Record<Task, string>> = {
  sgd: 'SGD step',
  adam: 'Adam step',
  hvp: 'Hessian-vector product at a fixed point',
  hvpFromScratch: 'Hessian-vector product from scratch',
};

/** Our ways to do a task. */
export async function waysOf(name: NetName, task: Task): Promise<readonly Way[]> {
  const small = name !== '784-512-512-10';
  if (task === 'hvp' || task === 'hvpFromScratch') {
    const cached = task === 'hvp';
    return [
      await hvpWay('one vector', buildNet(name), { flat: true, cached }),
      await hvpWay('a vector for each tensor', buildNet(name), { flat: false, cached }),
      ...(name === '2-16-16-1' && cached
        ? [await hvpWay('a WebAssembly function', buildNet(name), { flat: false, cached, small: true })]
        : []),
    ];
  }
  const step = task === 'sgd' ? sgdStep : adamStep;
  const perTensor = buildNet(name);
  const flat = buildNet(name);
  return [
    await loopWay('a tensor each', perTensor, step(perTensor, false), small ? 100 : 10),
    await loopWay('one vector', flat, step(flat, true), small ? 100 : 10),
    ...smallWays(flat, step(flat, true), 100),
    await kernelWay(buildNet(name), task),
  ];
}
