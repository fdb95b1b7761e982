import type { TensorData } from '../graph/operations';
import { sizeOf } from '../graph/operations';
import type { DropoutMask } from './layers/lowering';
import type { LoweredModel } from './lowerModel';
import type { RowTensor } from './rows';
import { parameterPort, type SideTensors, type TwinSetup } from './setup';

/** Views of the flat vector `theta` under the parameters' port names. */
export function parameterViews(setup: TwinSetup, theta: Float32Array): Record<string, Float32Array> {
  return Object.fromEntries(
    setup.layout.trained.map((parameter) => [
      parameterPort(parameter),
      theta.subarray(parameter.offset, parameter.offset + parameter.length),
    ]),
  );
}

/** Views of the flat vector `out` under the port names `PREFIX/I` of the I-th trained parameter. */
export function flatViews(setup: TwinSetup, prefix: string, out: Float32Array): Record<string, Float32Array> {
  return Object.fromEntries(
    setup.layout.trained.map(({ offset, length }, i) => [`${prefix}/${i}`, out.subarray(offset, offset + length)]),
  );
}

/** Of `views`, those that the program reads. */
export function readBy(
  { inputs }: { readonly inputs: readonly string[] },
  views: Readonly<Record<string, TensorData>>,
): Record<string, TensorData> {
  return Object.fromEntries(inputs.filter((name) => name in views).map((name) => [name, views[name] as TensorData]));
}

/** Room for the numbers of one random call. */
type DrawnView = Pick<DropoutMask, 'draw' | 'p' | 'beta'> & { readonly view: Float32Array };

/** Room for the numbers of a program's random calls (dropout masks, noise), by call number. */
export function maskViews({ dropouts }: Pick<LoweredModel, 'dropouts'>): ReadonlyMap<number, DrawnView> {
  return new Map(
    dropouts.map(({ call, mask, ...drawing }) => [call, { ...drawing, view: new Float32Array(sizeOf(mask.shape)) }]),
  );
}

/** Side tensors by port name, as one record. */
export function sideViews({ values }: SideTensors): Record<string, Float32Array> {
  return Object.fromEntries(values);
}

/** Data tensors by port name. */
export function dataViews(tensors: readonly RowTensor[]): Record<string, TensorData> {
  return Object.fromEntries(tensors.map(({ name, values }) => [name, values]));
}
