import type { Operation, Tensor } from '../../../graph/operations';
import { simd, type FunctionCode } from '../assembler';
import {
  emitExp,
  emitLog,
  emitMaskAsNumber,
  emitReciprocal,
  emitRelu,
  emitSigmoid,
  emitSoftplus,
  emitStep,
  emitTanh,
  emitWhere,
  type Emit,
} from './functions';
import { accessTo, emitNest, repeats, type Nest } from './loopNest';
import type { Place, Stored, Uniform } from './place';

/** What is left of elementwise nodes after those that only one other reads were taken into it. */
export interface Expression {
  readonly emit: Emit;
  readonly inputs: readonly (Expression | Place)[];
}

const instruction =
  (opcode: number): Emit =>
  (code) =>
    code.vector(opcode);

/** Elementwise operations on float32 that there is code for; masks are lanes of ones or zeros, four bytes an element. */
const elementwise: Partial<Record<Operation, Emit>> = {
  add: instruction(simd.f32Add),
  sub: instruction(simd.f32Sub),
  mul: instruction(simd.f32Mul),
  div: instruction(simd.f32Div),
  neg: instruction(simd.f32Neg),
  abs: instruction(simd.f32Abs),
  sqrt: instruction(simd.f32Sqrt),
  reciprocal: emitReciprocal,
  maximum: instruction(simd.f32Max),
  minimum: instruction(simd.f32Min),
  greater: instruction(simd.f32GreaterThan),
  greaterOrEqual: instruction(simd.f32GreaterOrEqual),
  equal: instruction(simd.f32Equal),
  and: instruction(simd.and),
  or: instruction(simd.or),
  not: instruction(simd.not),
  where: emitWhere,
  cast: emitMaskAsNumber,
  exp: emitExp,
  log: emitLog,
  softplus: emitSoftplus,
  tanh: emitTanh,
  sigmoid: emitSigmoid,
  relu: emitRelu,
  step: emitStep,
};

/** How four elements of an elementwise node are made; null for what is none, or has no code. */
export function elementwiseOf({ op, inputs, dtype }: Tensor): Emit | null {
  const takes = inputs.every((input) => input.dtype === 'float32' || (input.dtype === 'bool' && op !== 'equal'));
  // Masks become numbers; integers, or numbers of other widths, are no lanes of theirs.
  const casts = op !== 'cast' || (dtype === 'float32' && inputs[0]?.dtype === 'bool');
  return takes && casts ? (elementwise[op] ?? null) : null;
}

const isPlace = (input: Expression | Place): input is Place => 'kind' in input;

const leavesOf = (input: Expression | Place): Stored[] =>
  isPlace(input) ? (input.kind === 'stored' ? [input] : []) : input.inputs.flatMap(leavesOf);

/** Writes an expression to `out`, four elements at a time. Its leaves have out's shape and are lane-wise. */
export function emitElementwise(code: FunctionCode, expression: Expression, out: Stored): void {
  emitNest(code, out.shape, [out, ...leavesOf(expression)], 4, (nest) => {
    nest.offset(out);
    emitValue(code, nest, expression);
    code.vector(simd.store, ...accessTo(out));
  });
}

/** Writes one number to all of `out`. */
export function emitUniform(code: FunctionCode, value: Uniform, out: Stored): void {
  emitElementwise(code, { emit: () => undefined, inputs: [value] }, out);
}

function emitValue(code: FunctionCode, nest: Nest, value: Expression | Place): void {
  if (!isPlace(value)) {
    for (const input of value.inputs) emitValue(code, nest, input);
    value.emit(code);
  } else if (value.kind === 'uniform') {
    code.f32(value.value);
    code.vector(simd.f32Splat);
  } else emitLoad(code, nest, value);
}

/** Four neighbours, or one element four times. */
export function emitLoad(code: FunctionCode, nest: Nest, place: Stored): void {
  nest.offset(place);
  code.vector(repeats(place) ? simd.loadSplat : simd.load, ...accessTo(place));
}
