import { Random } from '../base/random';
import { initialise } from './initialise';
import { bufferPort, parameterPort, type SideTensors, type TwinSetup } from './setup';

/** theta ← first values; each parameter draws from a stream of its own, decided by the seed and its name. */
export function initialiseParameters(setup: TwinSetup, seed: number, theta: Float32Array): void {
  for (const { name, index, offset, length } of setup.layout.trained)
    fillParameter(setup, seed, index, name, theta.subarray(offset, offset + length));
}

/** Fresh frozen parameters and running statistics. */
export function initialSideTensors(setup: TwinSetup, seed: number): SideTensors {
  const values = new Map<string, Float32Array>();
  for (const frozen of setup.layout.frozen) {
    const value = new Float32Array(frozen.shape.reduce((product, size) => product * size, 1));
    fillParameter(setup, seed, frozen.index, frozen.name, value);
    values.set(parameterPort(frozen), value);
  }
  for (const { name, length, initial } of setup.buffers) values.set(bufferPort(name), new Float32Array(length).fill(initial));
  return { values, batchesTracked: 0 };
}

function fillParameter(setup: TwinSetup, seed: number, index: number, name: string, out: Float32Array): void {
  const spec = setup.model.parameters[index];
  if (spec === undefined) return;
  const shapes = new Map(
    [...setup.layout.trained, ...setup.layout.frozen].map((parameter) => [parameter.index, parameter.shape]),
  );
  const shapeOf = (other: number): readonly number[] => shapes.get(other) ?? [];
  initialise(
    out,
    spec.initializer,
    { shape: shapeOf(index), shapeOf },
    new Random(seed).fork(`parameter ${spec.stream ?? name}`),
  );
}
