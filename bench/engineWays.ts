import { compileKernel } from '../src/engine/kernel/graph/graphKernel';
import { createRuntime } from '../src/engine/onnx/backend';
import { compileKernelLoop } from '../src/engine/kernel/graph/kernelLoop';
import type { CompiledLoop, LoopProgram, Values } from '../src/engine/onnx/runtime';
import type { TensorData } from '../src/graph/operations';
import { sizeOf } from '../src/graph/operations';
import { packResiduals, residualsOf } from '../src/graph/residuals';
import type { Net, StepGraph } from './engineNets';
import { drawValues, hvpGraph } from './engineNets';
import type { Timed } from './row';
import { timed } from './row';

/** One way of ours to do the work of a row. */
export interface Way {
  readonly name: string;
  readonly work: Timed;
  readonly dispose: () => void;
}

const runtime = createRuntime();

/** Starting values of a step's state. */
function stateOf(net: Net, { state }: StepGraph): Record<string, Float32Array> {
  const { theta } = drawValues(net);
  let offset = 0;
  return Object.fromEntries(
    state.map(({ name, length }) => {
      if (name === 'power1') return [name, Float32Array.of(0.9)];
      if (name === 'power2') return [name, Float32Array.of(0.999)];
      if (!name.startsWith('p')) return [name, new Float32Array(length)];
      offset += length;
      return [name, theta.slice(offset - length, offset)];
    }),
  );
}

/** Steps in one Loop, `stepsPerCall` a call. */
export async function loopWay(name: string, net: Net, step: StepGraph, stepsPerCall: number): Promise<Way> {
  const loop = await runtime.compileLoop(loopProgram(net, step, stepsPerCall));
  return wayOfLoop(`${name}, ${stepsPerCall} steps a call`, loop, net, step, stepsPerCall);
}

/** Steps as one WebAssembly function, where they are small enough. */
export function smallWays(net: Net, step: StepGraph, stepsPerCall: number): readonly Way[] {
  const loop = compileKernelLoop(loopProgram(net, step, stepsPerCall));
  return loop === null ? [] : [wayOfLoop('a WebAssembly function', loop, net, step, stepsPerCall)];
}

const loopProgram = (net: Net, step: StepGraph, maxSteps: number): LoopProgram => ({
  maxSteps,
  state: step.state,
  perStep: [],
  constants: [
    { name: 'x', tensor: net.x },
    { name: 'target', tensor: net.target },
  ],
  outputs: [{ name: 'loss', tensor: step.loss }],
});

function wayOfLoop(name: string, loop: CompiledLoop, net: Net, step: StepGraph, stepsPerCall: number): Way {
  const { x, target } = drawValues(net);
  const call = loop.bind({
    state: stateOf(net, step),
    perStep: {},
    constants: { x, target },
    outputs: { loss: new Float32Array(stepsPerCall) },
  });
  const work = timed(async (iterations) => {
    for (let left = iterations; left > 0; left -= stepsPerCall) await call.run(Math.min(left, stepsPerCall));
  });
  return { name, work, dispose: () => loop.dispose() };
}

/** Hessian-vector products: all of it in each call, or only what depends on the vector; `small`: as one WebAssembly function where it can be. */
export async function hvpWay(
  name: string,
  net: Net,
  { flat, cached, threads, small = false }: { flat: boolean; cached: boolean; threads?: number; small?: boolean },
): Promise<Way> {
  const { theta, x, target } = drawValues(net);
  const { state, vectors, products } = hvpGraph(net, flat);
  let offset = 0;
  const slices = state.map(({ shape }) => theta.slice(offset, (offset += sizeOf(shape))));
  const points: Values = { x, target, ...Object.fromEntries(slices.map((values, i) => [`p${i}`, values])) };
  const given = [
    { name: 'x', tensor: net.x },
    { name: 'target', tensor: net.target },
    ...state.map((tensor, i) => ({ name: `p${i}`, tensor })),
  ];
  const residuals = packResiduals(net.g, residualsOf(products, vectors)).map((tensor, i) => ({ name: `r${i}`, tensor }));
  const options = threads === undefined ? {} : { threads };
  const first = cached ? await runtime.compile({ inputs: given, outputs: residuals }, options) : null;
  const vectorPorts = vectors.map((tensor, i) => ({ name: `v${i}`, tensor }));
  const outputs = products.map((tensor, i) => ({ name: `h${i}`, tensor }));
  const program = { inputs: [...(cached ? residuals : given), ...vectorPorts], outputs };
  const kernel = small ? compileKernel(program) : null;
  const second = kernel ?? (await runtime.compile(program, options));
  const kept: Values = first ? await first.run(points) : points;
  const memory = (ports: readonly { name: string; tensor: { shape: readonly number[] } }[]): Record<string, TensorData> =>
    Object.fromEntries(ports.map(({ name: port, tensor }) => [port, new Float32Array(sizeOf(tensor.shape)).fill(0.01)]));
  const call = second.bind({ ...kept, ...memory(vectorPorts) }, memory(outputs));
  const work = timed(async (iterations) => {
    for (let i = 0; i < iterations; i++) await call.run();
  });
  const dispose = (): void => {
    first?.dispose();
    second.dispose();
  };
  return { name, work, dispose };
}
