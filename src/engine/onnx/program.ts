import type { Tensor } from '../../graph/operations';
import { sizeOf } from '../../graph/operations';
import { ancestors } from '../../graph/traverse';
import { emit, outputNames } from './emit';
import { Names } from './emission';
import type { ValueType } from './messages';
import { graphMessage, modelBytes } from './messages';
import type { Port, Program } from './runtime';
import { withParts } from './splits';

/** A port and the name of its value in the model. */
export interface Wire {
  readonly port: string;
  readonly value: ValueType;
}

/** A model with its wires. Inputs that nothing needs have none. */
export interface Model {
  readonly bytes: Uint8Array;
  readonly inputs: readonly Wire[];
  readonly outputs: readonly Wire[];
}

/** The value of a tensor under `name`, with `leading` sizes before its shape. */
export function valueOf(name: string, { dtype, shape }: Tensor, leading: readonly (number | string)[] = []): ValueType {
  return { name, dtype, shape: [...leading, ...shape] };
}

/** A model's outputs in the order in which libraries take them up; a size known at run time alone counts as one. */
export const smallestFirst = (values: readonly ValueType[]): readonly ValueType[] => {
  const known = ({ shape }: ValueType): number => sizeOf(shape.map((size) => (typeof size === 'number' ? size : 1)));
  return [...values].sort((one, other) => known(one) - known(other));
};

/** The ONNX model of a program, with convolutions on blocks of so many channels; null: on planes as they are. */
export function buildModel({ inputs, outputs }: Program, block: number | null = null): Model {
  const names = new Names(block);
  const results = outputs.map(({ tensor }) => tensor);
  const needed = new Set(ancestors(results, withParts(inputs.map(({ tensor }) => tensor))));
  const read = inputs.filter(({ tensor }) => [...withParts([tensor])].some((part) => needed.has(part)));
  const wires = read.map((port) => wire(port, names.next()));
  const given = new Map(read.map(({ tensor }, place) => [tensor, wires[place]?.value.name ?? '']));
  const emission = emit(names, results, given);
  const resultNames = outputNames(emission, results);
  const outputWires = outputs.map((port, place) => wire(port, resultNames[place] ?? ''));
  const graph = graphMessage('program', {
    nodes: emission.nodes,
    initializers: emission.initializers,
    inputs: wires.map(({ value }) => value),
    outputs: smallestFirst(outputWires.map(({ value }) => value)),
  });
  return { bytes: modelBytes(graph, block !== null), inputs: wires, outputs: outputWires };
}

function wire({ name, tensor }: Port, valueName: string): Wire {
  return { port: name, value: valueOf(valueName, tensor) };
}
