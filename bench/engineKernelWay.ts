import { createRuntime } from '../src/engine/onnx/backend';
import { updateKernel } from '../src/engine/kernel/trainingKernels';
import { TrainingMemory } from '../src/engine/kernel/trainingMemory';
import { compileKernels } from '../src/engine/kernel/vectorKernel';
import type { UpdateRule, Values } from '../src/engine/optimizers/rule';
import { updateRuleOf } from '../src/engine/optimizers/table';
import { gradient } from '../src/graph/differentiate';
import { sizeOf } from '../src/graph/operations';
import type { Net } from './engineNets';
import { drawValues } from './engineNets';
import type { Way } from './engineWays';
import { timed } from './row';

const settings = {
  sgd: { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, keras: false },
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, amsgrad: false, keras: false },
} satisfies { readonly [K in 'sgd' | 'adam']: Values<K> };

const rates = { sgd: 1e-3, adam: 1e-5 };

/** The gradient by the runtime, the update by a WebAssembly kernel on the same memory: how runs step. */
export async function kernelWay<K extends 'sgd' | 'adam'>(net: Net, kind: K): Promise<Way> {
  const rule: UpdateRule<K> = updateRuleOf(kind);
  const values = settings[kind] as Values<K>;
  const numbersAt = (step: number): Readonly<Record<string, number>> =>
    rule.scalars(values, { step, rate: rates[kind], weightDecay: 0 });
  const module = compileKernels({ update: updateKernel(rule, values, Object.keys(numbersAt(1))) });
  const vectors = ['theta', 'gradient', ...rule.stateNames(values)];
  const memory = new TrainingMemory(net.dim, vectors);
  const update = memory.instantiate(module)['update'];
  const { theta, x, target } = drawValues(net);
  memory.vector('theta').set(theta);

  const parameters = net.shapes.map((shape, i) => net.g.input(`p${i}`, shape));
  const loss = net.loss(parameters);
  const gradients = gradient(net.g, loss, parameters);
  const program = await createRuntime().compile({
    inputs: [
      { name: 'x', tensor: net.x },
      { name: 'target', tensor: net.target },
      ...parameters.map((tensor, i) => ({ name: `p${i}`, tensor })),
    ],
    outputs: [{ name: 'loss', tensor: loss }, ...gradients.map((tensor, i) => ({ name: `g${i}`, tensor }))],
  });
  const inputs = { x, target, ...views(net, memory.vector('theta'), 'p') };
  const call = program.bind(inputs, { loss: new Float32Array(1), ...views(net, memory.vector('gradient'), 'g') });
  const addresses = vectors.map((name) => memory.address(name, 0));
  let step = 0;
  const work = timed(async (iterations) => {
    for (let i = 0; i < iterations; i++) {
      await call.run();
      update?.(...addresses, net.dim, memory.sums.byteOffset, 1, ...Object.values(numbersAt(++step)));
    }
  });
  return { name: 'gradient and kernel', work, dispose: () => program.dispose() };
}

/** The flat vector's part of each parameter. */
function views(net: Net, flat: Float32Array, prefix: string): Record<string, Float32Array> {
  let offset = 0;
  return Object.fromEntries(
    net.shapes.map((shape, i) => {
      const view = flat.subarray(offset, (offset += sizeOf(shape)));
      return [`${prefix}${i}`, view];
    }),
  );
}
