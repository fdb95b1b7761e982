/**
 * JavaScript's side of the engine bench: reads one JSON request a line, answers one JSON line.
 *
 * {"library": "tfjs" | "jax-js", "task": "sgd" | "adam" | "hvp", "net", "iterations"} -> {"ms"}, or {"error"}
 */
import { createInterface } from 'node:readline';

const libraries = {
  tfjs: async (task, net) => (await import('./tfjs.mjs')).tfjsWork(task, net),
  'jax-js': async (task, net) => (await import('./jax.mjs')).jaxWork(task, net),
};
const ready = new Map();

async function answer({ library, task, net, iterations }) {
  const key = `${library} ${task} ${net}`;
  if (!ready.has(key)) ready.set(key, await libraries[library](task, net));
  const work = ready.get(key);
  const start = performance.now();
  for (let i = 0; i < iterations; i++) await work();
  return { ms: (performance.now() - start) / iterations };
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply;
  try {
    reply = await answer(JSON.parse(line));
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
