import { expect, test } from 'vitest';
import { Random } from '../../../src/base/random';
import { lanczos, type LanczosResult } from '../../../src/curvature/lanczos';
import { buildTwin } from '../../../src/engine/build';
import { dataset, experiment, minibatches, optimizer, perceptron } from '../experiments';
import { libraries, runtimeOn, type LibraryName } from '../onnx/runtimes';
import { allRows, normalTensor, relativeDistance, separableClasses } from '../twins';

const x = normalTensor([60, 4], 5);
const data = dataset(x, separableClasses(x), 20);
const unit = experiment({
  model: perceptron([4, 8, 3], 'tanh', 'crossEntropy'),
  optimizer: optimizer('sgd', 0.5, 4),
  batches: minibatches(20),
});

/** A product and both ends of the spectrum at the start of a run; the vector's part is a kernel on every backend. */
async function seenOn(library: LibraryName): Promise<{ readonly product: Float32Array; readonly ends: LanczosResult }> {
  const built = await buildTwin(unit, data, runtimeOn(library, { threads: 1 }));
  if (!built.ok) throw new Error(built.error.text);
  const twin = built.value;
  const run = twin.start(3);
  const objective = twin.objective('train', allRows(60));
  const hessian = await objective.hessian(run.theta);
  const product = new Float32Array(twin.dim);
  await hessian.apply(normalTensor([twin.dim], 8).values as Float32Array, product);
  const operator = { dim: twin.dim, selfAdjoint: true, apply: hessian.apply.bind(hessian) };
  const ends = await lanczos(operator, { random: new Random(2), tolerance: 1e-3 });
  hessian.dispose();
  objective.dispose();
  run.dispose();
  twin.dispose();
  return { product, ends };
}

test.each(libraries)('a tiny net is measured on %s to the bit as before', async (library) => {
  const [first, second] = [await seenOn(library), await seenOn(library)];
  expect(second.product).toEqual(first.product);
  expect(second.ends).toEqual(first.ends);
});

test('a tiny net has the same curvature on both libraries', async () => {
  const [native, web] = [await seenOn('onnxruntime-node'), await seenOn('onnxruntime-web')];
  expect(relativeDistance(web.product, native.product)).toBeLessThan(1e-6);
  expect(Math.abs(web.ends.largest.value / native.ends.largest.value - 1)).toBeLessThan(1e-5);
});
