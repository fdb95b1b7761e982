/** The fully connected nets of the engine's table: sizes, batch, and values drawn once. */

const batches = { '2-16-16-1': 64, '64-128-10': 128, '784-512-512-10': 256 };

/** A stream of numbers in [0, 1), the same in every run (a linear congruential generator, Knuth's MMIX numbers cut to 32 bits). */
function stream(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** Shapes and values of a net: parameters as [after, before] and [after], rows, targets. */
export function netOf(name) {
  const sizes = name.split('-').map(Number);
  const batch = batches[name];
  const classes = sizes.at(-1);
  const random = stream(1);
  const fill = (count, scale) => Float32Array.from({ length: count }, () => (2 * random() - 1) * scale);
  const shapes = sizes.slice(1).flatMap((after, layer) => [[after, sizes[layer]], [after]]);
  const parameters = shapes.map((shape) => {
    const scale = 1 / Math.sqrt(shape[1] ?? shape[0]);
    return {
      shape,
      values: fill(
        shape.reduce((a, b) => a * b, 1),
        scale,
      ),
    };
  });
  const labels = Float32Array.from({ length: batch }, () => Math.floor(random() * Math.max(2, classes)));
  return { batch, classes, inputs: sizes[0], parameters, x: fill(batch * sizes[0], 1.7), labels };
}
