import type { DType, TensorData } from '../../graph/operations';
import type { Message } from './protobuf';
import { bytes, encode, float, integer, message, nested, string } from './protobuf';

/*
 * The messages of ONNX that programs here use, with the field numbers of onnx.proto.
 */

/** ONNX element types: those of the graph and int64, which ONNX asks for shapes, axes and scatter indices. */
export type OnnxType = DType | 'int64';

const elementTypes: { readonly [K in OnnxType]: number } = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 };

/** Operator set and file format written; onnxruntime 1.14 and later read them. */
const operatorSet = 18;
const formatVersion = 8;

/** onnxruntime's operators on planes whose channels lie in blocks. */
export const blockedDomain = 'com.microsoft.nchwc';

/** Number of an element type in TensorProto.DataType, as Cast wants it. */
export function elementType(dtype: OnnxType): number {
  return elementTypes[dtype];
}

/** An attribute's value; `integer` and `float` must be told apart. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly graph: Message };

/** Values of a tensor stored in the model. */
export type StoredData = TensorData | BigInt64Array;

/** AttributeProto. */
function attributeMessage(name: string, value: Attribute): Message {
  const label = string(1, name);
  if ('int' in value) return message(label, integer(3, value.int), integer(20, 2));
  if ('float' in value) return message(label, float(2, value.float), integer(20, 1));
  if ('text' in value) return message(label, string(4, value.text), integer(20, 3));
  if ('graph' in value) return message(label, nested(6, value.graph), integer(20, 5));
  return message(label, ...value.ints.map((item) => integer(8, item)), integer(20, 7));
}

/** NodeProto; without a domain, of ONNX's own operators. */
export function nodeMessage(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>>,
  domain?: string,
): Message {
  return message(
    ...inputs.map((name) => string(1, name)),
    ...outputs.map((name) => string(2, name)),
    string(3, outputs[0] ?? type),
    string(4, type),
    ...Object.entries(attributes).map(([name, value]) => nested(5, attributeMessage(name, value))),
    ...(domain === undefined ? [] : [string(7, domain)]),
  );
}

/** TensorProto with its elements as raw bytes. */
export function tensorMessage(name: string, dtype: OnnxType, shape: readonly number[], data: StoredData): Message {
  return message(
    ...shape.map((size) => integer(1, size)),
    integer(2, elementTypes[dtype]),
    string(8, name),
    bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
}

/** A named value with its type. A size given as text is only known at run time. */
export interface ValueType {
  readonly name: string;
  readonly dtype: OnnxType;
  readonly shape: readonly (number | string)[];
}

/** ValueInfoProto. */
function valueMessage({ name, dtype, shape }: ValueType): Message {
  const sizes = shape.map((size) => nested(1, typeof size === 'number' ? integer(1, size) : string(2, size)));
  const tensorType = message(integer(1, elementTypes[dtype]), nested(2, message(...sizes)));
  return message(string(1, name), nested(2, nested(1, tensorType)));
}

/** What a GraphProto holds. */
export interface GraphParts {
  readonly nodes: readonly Message[];
  readonly initializers: readonly Message[];
  readonly inputs: readonly ValueType[];
  readonly outputs: readonly ValueType[];
}

/** GraphProto. */
export function graphMessage(name: string, { nodes, initializers, inputs, outputs }: GraphParts): Message {
  return message(
    ...nodes.map((node) => nested(1, node)),
    string(2, name),
    ...initializers.map((tensor) => nested(5, tensor)),
    ...inputs.map((value) => nested(11, valueMessage(value))),
    ...outputs.map((value) => nested(12, valueMessage(value))),
  );
}

/** The bytes of a ModelProto; `usesBlocks`: with operators of `blockedDomain`. */
export function modelBytes(graph: Message, usesBlocks: boolean): Uint8Array {
  return encode(
    message(
      integer(1, formatVersion),
      string(2, 'descent-lens'),
      nested(7, graph),
      nested(8, message(string(1, ''), integer(2, operatorSet))),
      ...(usesBlocks ? [nested(8, message(string(1, blockedDomain), integer(2, 1)))] : []),
    ),
  );
}
