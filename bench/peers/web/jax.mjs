import { grad, init, defaultDevice, jit, jvp, nn, numpy as np } from '@jax-js/jax';
import { netOf } from './nets.mjs';

const rate = 1e-5;

/** The work of a row in jax-js: compiled once by jit, run on its WebAssembly backend. */
export async function jaxWork(task, name) {
  await init('wasm');
  defaultDevice('wasm');
  const net = netOf(name);
  const x = np.array(net.x).reshape([net.batch, net.inputs]);
  const target =
    net.classes === 1
      ? np.array(net.labels).reshape([net.batch, 1])
      : nn.oneHot(np.array(Int32Array.from(net.labels), { dtype: np.int32 }), net.classes);
  const make = ({ shape, values }) => np.array(values.slice()).reshape(shape);
  let parameters = net.parameters.map(make);
  const loss = (p) => lossOf(net, p, x.ref, target.ref);
  if (task === 'hvp') {
    const product = jit((p, v) => jvp(grad(loss), [p], [v])[1]);
    const vector = net.parameters.map(({ shape }) => np.ones(shape).mul(0.01));
    return async () => {
      const made = product(refs(parameters), refs(vector));
      await settle(made);
    };
  }
  if (task === 'sgd') {
    const step = jit((p) => {
      const slopes = grad(loss)(refs(p));
      return p.map((value, i) => value.sub(slopes[i].mul(1e-3)));
    });
    return async () => {
      parameters = step(parameters);
      await wait(parameters);
    };
  }
  const step = jit((p, m, v, power1, power2) => {
    const slopes = grad(loss)(refs(p));
    const nextM = m.map((value, i) => value.mul(0.9).add(slopes[i].ref.mul(0.1)));
    const nextV = v.map((value, i) => value.mul(0.999).add(np.square(slopes[i]).mul(0.001)));
    const root = np.sqrt(np.subtract(1, power2.ref));
    const scale = np.divide(rate, np.subtract(1, power1.ref));
    const nextP = p.map((value, i) => {
      const deviation = np.sqrt(nextV[i].ref).div(root.ref).add(1e-8);
      return value.sub(nextM[i].ref.div(deviation).mul(scale.ref));
    });
    root.dispose();
    scale.dispose();
    return [nextP, nextM, nextV, power1.mul(0.9), power2.mul(0.999)];
  });
  const zeros = () => net.parameters.map(({ shape }) => np.zeros(shape));
  let state = [parameters, zeros(), zeros(), np.array([0.9]), np.array([0.999])];
  return async () => {
    state = step(...state);
    await wait(state[0]);
  };
}

const refs = (list) => list.map((value) => value.ref);

/** Waits until the values are there, which ends what was only planned. */
const wait = (list) => list[0].ref.data();

async function settle(list) {
  await wait(list);
  for (const value of list) value.dispose();
}

function lossOf(net, p, x, target) {
  let h = x;
  for (let layer = 0; 2 * layer < p.length; layer++) {
    if (layer > 0) h = net.classes === 1 ? np.tanh(h) : nn.relu(h);
    h = np.matmul(h, np.transpose(p[2 * layer])).add(p[2 * layer + 1]);
  }
  if (net.classes === 1) return nn.softplus(h.ref).sub(h.mul(target)).mean();
  return nn
    .logSoftmax(h)
    .mul(target)
    .sum()
    .mul(-1 / net.batch);
}
