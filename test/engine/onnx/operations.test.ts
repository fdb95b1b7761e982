import { fc } from '../../support/property';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random';
import { arrayOf } from '../../../src/engine/onnx/emission';
import type { Runtime } from '../../../src/engine/onnx/runtime';
import { gradient, hessianVector, jvp } from '../../../src/graph/differentiate';
import { Graph } from '../../../src/graph/graph';
import type { DType, Operation, Tensor } from '../../../src/graph/operations';
import { sizeOf } from '../../../src/graph/operations';
import type { Case, CaseInput } from '../../graph/cases';
import { cases } from '../../graph/cases';
import type { Elements } from '../../graph/evaluate';
import { evaluate } from '../../graph/evaluate';
import { libraries, runtimeOn } from './runtimes';

/** What is computed of a case, in one element type. */
interface Results {
  readonly value: Elements;
  readonly loss: number;
  /** Gradients by all float inputs, joined. */
  readonly gradient: Elements;
  /** Hessian-vector products, joined. */
  readonly product: Elements;
  /** Derivative along the tangents. */
  readonly slope: number;
}

interface Point {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly tangents: Readonly<Record<string, readonly number[]>>;
}

function draw(random: Random, { shape, kind, low, high }: CaseInput): readonly number[] {
  return Array.from({ length: sizeOf(shape) }, () => (kind === 'float' ? random.uniform(low, high) : random.integer(high)));
}

function drawPoint(random: Random, { inputs }: Case): Point {
  const entries = inputs.map((input, place) => [`x${place}`, draw(random, input)] as const);
  const tangents = inputs.flatMap((input, place) =>
    input.kind === 'float' ? [[`t${place}`, draw(random, { ...input, low: -1, high: 1 })] as const] : [],
  );
  return { inputs: Object.fromEntries(entries), tangents: Object.fromEntries(tangents) };
}

/** Σ w y²/2 + Σ w y with fixed weights: curved even where y is linear. */
function lossOf(g: Graph, y: Tensor): Tensor {
  const weights = Array.from({ length: sizeOf(y.shape) }, (_, i) => 1 + 0.5 * Math.cos(3 * i));
  const w = g.constant(y.dtype === 'float64' ? Float64Array.from(weights) : Float32Array.from(weights), y.shape);
  return g.sum(g.mul(w, g.add(g.mul(g.mul(y, y), 0.5), y)));
}

function programOf(sample: Case, dtype: DType) {
  const g = new Graph();
  const inputs = sample.inputs.map(({ shape, kind }, place) =>
    g.input(`x${place}`, shape, kind === 'float' ? dtype : kind === 'index' ? 'int32' : 'bool'),
  );
  const wrt = inputs.filter((_, place) => sample.inputs[place]?.kind === 'float');
  const tangents = inputs.flatMap((input, place) => (wrt.includes(input) ? [g.input(`t${place}`, input.shape, dtype)] : []));
  const value = sample.build(g, inputs, dtype);
  const loss = lossOf(g, value);
  const [slope] = jvp(g, [loss], wrt, tangents);
  const outputs = { value, loss, slope: slope ?? loss };
  const gradients = gradient(g, loss, wrt);
  const products = hessianVector(g, loss, wrt, tangents);
  return { g, inputs: [...inputs, ...tangents], outputs, gradients, products };
}

/** Compiles the case; the function computes everything at a point. */
async function prepare(
  runtime: Runtime,
  sample: Case,
  dtype: DType,
): Promise<{ at: (point: Point) => Promise<Results>; dispose: () => void }> {
  const { inputs, outputs, gradients, products } = programOf(sample, dtype);
  const named = (prefix: string, tensors: readonly Tensor[]) =>
    tensors.map((tensor, place) => ({ name: `${prefix}${place}`, tensor }));
  const ports = inputs.map((tensor) => ({ name: 'name' in tensor.attributes ? tensor.attributes.name : '', tensor }));
  const program = await runtime.compile({
    inputs: ports,
    outputs: [
      ...Object.entries(outputs).map(([name, tensor]) => ({ name, tensor })),
      ...named('g', gradients),
      ...named('h', products),
    ],
  });
  const at = async (point: Point): Promise<Results> => {
    const all = { ...point.inputs, ...point.tangents };
    const results = await program.run(
      Object.fromEntries(ports.map(({ name, tensor }) => [name, arrayOf(tensor.dtype, all[name] ?? [])])),
    );
    const joined = (prefix: string, tensors: readonly Tensor[]) =>
      Float64Array.from(tensors.flatMap((_, place) => [...(results[`${prefix}${place}`] ?? [])]));
    return {
      value: Float64Array.from(results.value ?? []),
      loss: results.loss?.[0] ?? NaN,
      slope: results.slope?.[0] ?? NaN,
      gradient: joined('g', gradients),
      product: joined('h', products),
    };
  };
  return { at, dispose: () => program.dispose() };
}

function norm(values: Elements): number {
  return Math.sqrt(values.reduce((total, value) => total + value * value, 0));
}

/** ‖a - b‖ / max(‖b‖, 1). */
function distance(a: Elements, b: Elements): number {
  expect(a.length).toBe(b.length);
  return norm(a.map((value, i) => value - (b[i] ?? NaN))) / Math.max(norm(b), 1);
}

function moved(point: Point, step: number): Point {
  const inputs = Object.entries(point.inputs).map(([name, values]) => {
    const tangent = point.tangents[name.replace('x', 't')];
    return [name, tangent ? values.map((value, i) => value + step * (tangent[i] ?? 0)) : values] as const;
  });
  return { inputs: Object.fromEntries(inputs), tangents: point.tangents };
}

const joinedTangents = (point: Point): Elements => Float64Array.from(Object.values(point.tangents).flat());
const dot = (a: Elements, b: Elements): number => a.reduce((total, value, i) => total + value * (b[i] ?? NaN), 0);

async function check(runtime: Runtime, sample: Case, seed: number): Promise<void> {
  const point = drawPoint(new Random(seed), sample);
  const exact = await prepare(runtime, sample, 'float64');
  const single = await prepare(runtime, sample, 'float32');
  const here = await exact.at(point);

  const { outputs, gradients, products } = programOf(sample, 'float64');
  const [value, ...derivatives] = evaluate([outputs.value, ...gradients, ...products], { ...point.inputs, ...point.tangents });
  expect(distance(here.value, value ?? new Float64Array())).toBeLessThan(1e-12);
  const expected = Float64Array.from(derivatives.flatMap((part) => [...part]));
  expect(distance(Float64Array.from([...here.gradient, ...here.product]), expected)).toBeLessThan(1e-12);

  const h = 1e-5;
  const [above, below] = [await exact.at(moved(point, h)), await exact.at(moved(point, -h))];
  const scale = Math.max(1, Math.abs(here.slope), norm(here.gradient));
  expect(Math.abs(here.slope - dot(here.gradient, joinedTangents(point))) / scale).toBeLessThan(1e-12);
  expect(Math.abs((above.loss - below.loss) / (2 * h) - here.slope) / scale).toBeLessThan(1e-7);
  const difference = above.gradient.map((entry, i) => (entry - (below.gradient[i] ?? NaN)) / (2 * h));
  expect(distance(here.product, difference)).toBeLessThan(1e-7);

  const rough = await single.at(point);
  expect(distance(rough.value, here.value)).toBeLessThan(1e-5);
  expect(distance(rough.gradient, here.gradient)).toBeLessThan(1e-5);
  expect(distance(rough.product, here.product)).toBeLessThan(1e-5);
  exact.dispose();
  single.dispose();
}

describe.each(libraries)('values, gradients and Hessian-vector products of random uses on %s', (library) => {
  const runtime = runtimeOn(library, { threads: 1 });

  it.each(Object.keys(cases) as Operation[])('%s', async (op) => {
    const samples = fc.tuple(cases[op], fc.integer({ min: 1, max: 1e9 }));
    await fc.assert(
      fc.asyncProperty(samples, ([sample, seed]) => check(runtime, sample, seed)),
      { seed: 7, numRuns: 12 },
    );
  });
});
