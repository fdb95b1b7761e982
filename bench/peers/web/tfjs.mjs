import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { netOf } from './nets.mjs';

/** The work of a row in tfjs on its WebAssembly backend. */
export async function tfjsWork(task, name) {
  const files = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  setWasmPaths(join(files, 'dist') + sep);
  await tf.setBackend('wasm');
  await tf.ready();
  const net = netOf(name);
  const x = tf.tensor2d(net.x, [net.batch, net.inputs]);
  const target =
    net.classes === 1
      ? tf.tensor2d(net.labels, [net.batch, 1])
      : tf.oneHot(tf.tensor1d(Int32Array.from(net.labels), 'int32'), net.classes).toFloat();
  const loss = (p) => lossOf(net, p, x, target);
  if (task === 'hvp') {
    const parameters = net.parameters.map(({ shape, values }) => tf.tensor(values, shape));
    const vector = net.parameters.map(({ shape }) => tf.fill(shape, 0.01));
    const inner = tf.grads((...p) => loss(p));
    const outer = tf.grads((...p) => tf.addN(inner(p).map((slope, i) => tf.sum(tf.mul(slope, vector[i])))));
    return async () => {
      const products = outer(parameters);
      await products[0].data();
      tf.dispose(products);
    };
  }
  const variables = net.parameters.map(({ shape, values }) => tf.variable(tf.tensor(values, shape)));
  const optimizer = task === 'sgd' ? tf.train.sgd(1e-3) : tf.train.adam(1e-5);
  return async () => {
    const cost = optimizer.minimize(() => loss(variables), true, variables);
    await cost.data();
    cost.dispose();
  };
}

function lossOf(net, p, x, target) {
  let h = x;
  for (let layer = 0; 2 * layer < p.length; layer++) {
    if (layer > 0) h = net.classes === 1 ? tf.tanh(h) : tf.relu(h);
    h = tf.add(tf.matMul(h, p[2 * layer], false, true), p[2 * layer + 1]);
  }
  if (net.classes === 1) return tf.mean(tf.sub(tf.softplus(h), tf.mul(h, target)));
  // Written out: the library's own log-softmax cannot be differentiated twice.
  const logarithms = tf.sub(h, tf.logSumExp(h, 1, true));
  return tf.mul(tf.sum(tf.mul(logarithms, target)), -1 / net.batch);
}
