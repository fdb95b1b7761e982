import type { DType, Tensor, TensorData } from '../../graph/operations';
import { isOp } from '../../graph/operations';
import { commonShape, inputAt, sameShape } from '../../graph/shapes';
import type { Attribute, OnnxType, StoredData } from './messages';
import { blockedDomain, nodeMessage, tensorMessage } from './messages';
import type { Message } from './protobuf';

/** Names of values, unique over a graph and the bodies inside it, as ONNX asks. */
export class Names {
  private count = 0;

  constructor(
    /** Channels in a block of the convolutions that the library does on blocks; null where it does none. */
    readonly block: number | null = null,
  ) {}

  next(): string {
    return `v${this.count++}`;
  }
}

/** Turns a node into ONNX nodes; gives the name of its result. */
export type Translate = (emission: Emission, tensor: Tensor) => string;

/** One ONNX graph in the making: nodes and initializers so far, and the name of each tensor emitted. */
export class Emission {
  readonly nodes: Message[] = [];
  readonly initializers: Message[] = [];
  private readonly stored = new Map<string, string>();
  private readonly known = new Map<Tensor, string>();
  private readonly produced = new Set<string>();

  constructor(
    readonly names: Names,
    private readonly translate: Translate,
  ) {}

  /** Declares that `tensor` is computed elsewhere. */
  give(tensor: Tensor, name: string): void {
    this.known.set(tensor, name);
  }

  /** As `give`, unless `tensor` is known already. */
  giveIfNew(tensor: Tensor, name: string): void {
    if (!this.known.has(tensor)) this.known.set(tensor, name);
  }

  /** The name of `tensor` in its full shape; emits it if that was not done. */
  name(tensor: Tensor): string {
    const known = this.known.get(tensor);
    if (known !== undefined) return known;
    const made = this.translate(this, tensor);
    this.known.set(tensor, made);
    return made;
  }

  /**
   * Names for the operands of an operator that broadcasts by itself: fills as scalars, broadcast tensors as
   * their source, as long as the result still has the shape of `result`.
   */
  operands(tensors: readonly Tensor[], shape: readonly number[]): readonly string[] {
    const reached = tensors.reduce<readonly number[]>((common, tensor) => commonShape(common, this.unspread(tensor).shape), []);
    const whole = sameShape(reached, shape);
    return tensors.map((tensor, place) => (whole || place > 0 ? this.source(tensor) : this.name(tensor)));
  }

  /** The name of what broadcasts to `tensor`. */
  source(tensor: Tensor): string {
    return this.name(this.unspread(tensor));
  }

  /** What `tensor` was broadcast from: a scalar in case of a fill. */
  private unspread(tensor: Tensor): Tensor {
    if (this.known.has(tensor)) return tensor;
    if (isOp(tensor, 'broadcast')) return inputAt(tensor.inputs, 0);
    if (!isOp(tensor, 'fill')) return tensor;
    const { value, dtype } = tensor.attributes;
    return { ...tensor, attributes: { value, dtype, shape: [] }, shape: [] };
  }

  /** Emits one ONNX node; gives the name of its output. */
  op(type: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const output = this.names.next();
    this.push(type, inputs, [output], attributes);
    return output;
  }

  /** As `op`, for an operator on planes with their channels in blocks. */
  blocked(type: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const output = this.names.next();
    this.push(type, inputs, [output], attributes, blockedDomain);
    return output;
  }

  /** Emits one ONNX node whose output was named before. */
  named(type: string, inputs: readonly string[], output: string, attributes: Readonly<Record<string, Attribute>>): void {
    this.push(type, inputs, [output], attributes);
  }

  /** Emits one ONNX node of several outputs; gives their names. */
  ops(
    type: string,
    inputs: readonly string[],
    count: number,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): readonly string[] {
    const outputs = Array.from({ length: count }, () => this.names.next());
    this.push(type, inputs, outputs, attributes);
    return outputs;
  }

  private push(
    type: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    domain?: string,
  ): void {
    this.nodes.push(nodeMessage(type, inputs, outputs, attributes, domain));
    for (const output of outputs) this.produced.add(output);
  }

  /** True if a node of this very graph yields `name`. */
  produces(name: string): boolean {
    return this.produced.has(name);
  }

  scalar(value: number, dtype: DType): string {
    return this.store(`${dtype}${Object.is(value, -0) ? '-0' : value}`, dtype, [], () => arrayOf(dtype, [value]));
  }

  /** A vector of int64, as shapes and axes are given. */
  ints(values: readonly number[]): string {
    return this.store(`int64[${values}]`, 'int64', [values.length], () => BigInt64Array.from(values, BigInt));
  }

  /** A tensor stored in the model; equal keys are stored once. */
  store(key: string, dtype: OnnxType, shape: readonly number[], data: () => StoredData): string {
    const known = this.stored.get(key);
    if (known !== undefined) return known;
    const name = this.names.next();
    this.initializers.push(tensorMessage(name, dtype, shape, data()));
    this.stored.set(key, name);
    return name;
  }
}

/** Numbers as the typed array of an element type. */
export function arrayOf(dtype: DType, values: readonly number[]): TensorData {
  switch (dtype) {
    case 'float32':
      return Float32Array.from(values);
    case 'float64':
      return Float64Array.from(values);
    case 'int32':
      return Int32Array.from(values);
    case 'bool':
      return Uint8Array.from(values);
  }
}
