import { isOp, sizeOf, type Tensor } from '../../../graph/operations';
import { countFlops } from '../../../graph/flops';
import { inputAt, pairOf } from '../../../graph/shapes';
import { ancestors, useCounts } from '../../../graph/traverse';
import { findFusions, type Gemm } from '../../onnx/fusion';
import type { Compiled, Port, Program } from '../../onnx/runtime';
import { withParts } from '../../onnx/splits';
import { FunctionCode } from '../assembler';
import { elementwiseOf, emitElementwise, emitUniform, type Expression } from './elementwise';
import { Layout, movesOnly } from './layout';
import { emitCopy } from './loopNest';
import { emitProduct } from './matrixProduct';
import { partsOf, type Place, type Stored } from './place';
import { isChosenAlongRows, emitPutAlong, emitTakeAlong } from './indexing';
import { KernelMemory, type KernelSlots } from './kernelMemory';
import { KernelProgram } from './kernelProgram';
import { emitSoftmax, isAlongRows } from './rowwise';
import { emitSum } from './sums';

/** Programs of more floating-point operations are left to the runtime, whose products of matrices are wider. */
const mostFlops = 1e6;
/** Nodes beyond which the code would grow long. */
const mostNodes = 400;

/** Whether a program can be a kernel: few operations, of those that there is code for. */
function fits(program: Program, ordered: readonly Tensor[], given: ReadonlySet<Tensor>): boolean {
  if (ordered.length > mostNodes) return false;
  const outputs = program.outputs.map(({ tensor }) => tensor);
  if (countFlops(outputs, given) > mostFlops) return false;
  const stacks = program.inputs.filter(({ tensor }) => isOp(tensor, 'concat') && tensor.attributes.axis !== 0);
  return (
    stacks.length === 0 &&
    outputs.every(({ dtype }) => dtype === 'float32') &&
    ordered.every((node) => sizeOf(node.shape) > 0 && (given.has(node) ? isGivable(node) : isKnown(node, given)))
  );
}

/** Numbers, and integers to choose by. */
const isGivable = ({ dtype }: Tensor): boolean => dtype === 'float32' || dtype === 'int32';

function isKnown(node: Tensor, given: ReadonlySet<Tensor>): boolean {
  const [first, second] = node.inputs;
  if (isOp(node, 'reshape') && node.dtype === 'int32') return first !== undefined;
  if (node.dtype === 'bool') return elementwiseOf(node) !== null || movesOnly(node);
  if (node.dtype !== 'float32') return false;
  if (isOp(node, 'matmul')) return node.shape.length === 2 && node.inputs.every((factor) => !isOp(factor, 'fill'));
  if (isOp(node, 'concat')) return node.attributes.axis === 0;
  if (isOp(node, 'softmax') || isOp(node, 'logSoftmax')) return isAlongRows(node, node.attributes.axis) && first?.op !== 'fill';
  if (isOp(node, 'takeAlong'))
    return first?.op !== 'fill' && second !== undefined && isChosenAlongRows(second, node.attributes.axis, given);
  if (isOp(node, 'putAlong')) return first !== undefined && isChosenAlongRows(first, node.attributes.axis, given);
  if (isOp(node, 'sum')) return first?.op !== 'fill';
  return isOp(node, 'fill') || isOp(node, 'constant') || movesOnly(node) || elementwiseOf(node) !== null;
}

/** A program as WebAssembly code, and where it finds what it reads and leaves what it makes. */
export interface EmittedKernel {
  readonly code: FunctionCode;
  readonly layout: Layout;
  readonly slots: KernelSlots;
}

/** The code of a program that is small enough; null for others. */
export function emitKernel(program: Program): EmittedKernel | null {
  const outputs = program.outputs.map(({ tensor }) => tensor);
  const given = withParts(program.inputs.map(({ tensor }) => tensor));
  const ordered = ancestors(outputs, given);
  if (!fits(program, ordered, given)) return null;
  const layout = new Layout();
  const needed = new Set(ordered);
  const read = program.inputs.filter(({ tensor }) => [...withParts([tensor])].some((part) => needed.has(part)));
  const inputs = read.map(({ name, tensor }) => ({ name, dtype: tensor.dtype, place: layout.give(tensor) }));
  const code = new FunctionCode([]);
  new Emitter(code, layout, ordered, outputs, given).emit();
  const results = program.outputs.map((port) => ({
    name: port.name,
    dtype: port.tensor.dtype,
    place: resultOf(port, layout, code),
  }));
  const constants = ordered.flatMap((node) =>
    isOp(node, 'constant') && !given.has(node) ? [{ data: node.attributes.data, place: layout.stored(node, code) }] : [],
  );
  return { code, layout, slots: { inputs, outputs: results, constants } };
}

/**
 * A program as one WebAssembly function over fixed memory: for programs so small that calling the runtime, and going from node to
 * node in it, is dearer than their arithmetic. Null for others.
 */
export function compileKernel(program: Program): Compiled | null {
  const emitted = emitKernel(program);
  return (
    emitted && new KernelProgram(new KernelMemory(emitted.code, emitted.layout.bytes, emitted.slots.constants), emitted.slots)
  );
}

/** A port's elements row by row. */
function resultOf({ tensor }: Port, layout: Layout, code: FunctionCode): Stored {
  const place = layout.placeOf(tensor, code);
  if (place.kind === 'stored') return layout.dense(place, code);
  const room = layout.room(tensor.shape);
  emitUniform(code, place, room);
  return room;
}

const nothing = (): void => undefined;

/** Emits the nodes of a program, inputs first. */
class Emitter {
  private readonly gemms: ReadonlyMap<Tensor, Gemm>;
  private readonly absorbed: ReadonlySet<Tensor>;
  /** Elementwise nodes that become part of the one node that reads them. */
  private readonly inlined: ReadonlySet<Tensor>;

  constructor(
    private readonly code: FunctionCode,
    private readonly layout: Layout,
    private readonly ordered: readonly Tensor[],
    outputs: readonly Tensor[],
    private readonly given: ReadonlySet<Tensor>,
  ) {
    const { gemms, absorbed } = findFusions(ordered, outputs, given);
    this.gemms = gemms;
    this.absorbed = absorbed;
    this.inlined = this.findInlined(outputs);
  }

  emit(): void {
    for (const node of this.ordered) {
      if (this.given.has(node) || this.absorbed.has(node) || this.inlined.has(node)) continue;
      const gemm = this.gemms.get(node);
      if (gemm !== undefined) this.emitGemm(node, gemm);
      else if (isOp(node, 'matmul')) this.emitGemm(node, { product: node, alpha: 1, addend: null, beta: 0 });
      else if (isOp(node, 'sum')) this.emitSum(node);
      else if (isOp(node, 'softmax') || isOp(node, 'logSoftmax')) emitSoftmax(this.code, this.layout, node);
      else if (isOp(node, 'takeAlong')) emitTakeAlong(this.code, this.layout, node);
      else if (isOp(node, 'putAlong')) emitPutAlong(this.code, this.layout, node);
      else if (isOp(node, 'concat')) this.emitStack(node);
      else if (isOp(node, 'constant')) this.layout.make(node);
      else if (elementwiseOf(node) !== null) emitElementwise(this.code, this.expressionOf(node), this.layout.make(node));
    }
  }

  private findInlined(outputs: readonly Tensor[]): ReadonlySet<Tensor> {
    const counts = useCounts(this.ordered, outputs);
    const found = new Set<Tensor>();
    const isPlain = (node: Tensor): boolean =>
      !this.given.has(node) && !this.absorbed.has(node) && !this.gemms.has(node) && elementwiseOf(node) !== null;
    for (const node of this.ordered) {
      if (!isPlain(node)) continue;
      for (const input of node.inputs) if (isPlain(input) && counts.get(input) === 1) found.add(input);
    }
    return found;
  }

  private expressionOf(node: Tensor): Expression {
    const operand = (input: Tensor): Expression | Place =>
      this.inlined.has(input) ? this.expressionOf(input) : this.layout.laneWise(input, this.code);
    return { emit: elementwiseOf(node) ?? nothing, inputs: node.inputs.map(operand) };
  }

  /** Parts are copied in order: what the last lanes of one leave in the next is overwritten. */
  private emitStack(node: Tensor<'concat'>): void {
    const { code, layout } = this;
    const parts = partsOf(
      layout.make(node),
      node.inputs.map(({ shape }) => shape),
    );
    node.inputs.forEach((input, i) => {
      const part = parts[i];
      if (part !== undefined) emitElementwise(code, { emit: nothing, inputs: [layout.laneWise(input, code)] }, part);
    });
  }

  private emitSum(node: Tensor<'sum'>): void {
    const from = this.layout.stored(inputAt(node.inputs, 0), this.code);
    emitSum(this.code, from, node.attributes.axes, this.layout.make(node));
  }

  private emitGemm(node: Tensor, { product, alpha, addend, beta }: Gemm): void {
    const { code, layout } = this;
    const [left, right] = pairOf(product.inputs);
    const { transposeA, transposeB } = product.attributes;
    const factor = (tensor: Tensor, swaps: boolean): Stored => {
      const place = layout.stored(tensor, code);
      return swaps ? transposedMatrix(place) : place;
    };
    const a = factor(left, transposeA);
    const b = factor(right, transposeB);
    const added = addend === null ? null : this.addendOf(addend, node.shape);
    const [rows = 1, columns = 1] = node.shape;
    const base = { alpha, addend: added, beta };
    // With few columns and rows side by side, the transposed product fills the lanes better.
    if (columns < 4 && rows >= 8 && a.strides[0] === 1 && added === null) {
      const turned = layout.room([columns, rows]);
      emitProduct(code, { ...base, a: transposedMatrix(b), b: transposedMatrix(a), out: turned });
      emitCopy(code, transposedMatrix(turned), layout.make(node));
      return;
    }
    const sideBySide = columns === 1 || b.strides[1] === 1 ? b : layout.copied(b, code);
    emitProduct(code, { ...base, a, b: sideBySide, out: layout.make(node) });
  }

  /** What is added to a product, spread to its shape. */
  private addendOf(addend: Tensor, shape: readonly number[]): Stored {
    const place = this.layout.laneWise(addend, this.code);
    if (place.kind === 'stored') return place;
    const room = this.layout.room(shape);
    emitUniform(this.code, place, room);
    return room;
  }
}

const transposedMatrix = ({ shape, strides, ...place }: Stored): Stored => ({
  ...place,
  shape: [...shape].reverse(),
  strides: [...strides].reverse(),
});
