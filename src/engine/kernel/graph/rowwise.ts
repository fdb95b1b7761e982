import type { Tensor } from '../../../graph/operations';
import { inputAt } from '../../../graph/shapes';
import { op, simd, type FunctionCode } from '../assembler';
import { emitElementwise, type Expression } from './elementwise';
import { emitExp, emitLog, type Emit } from './functions';
import type { Layout } from './layout';
import { accessTo, emitNest } from './loopNest';
import { broadcastTo, dense, type Place, type Stored } from './place';
import { emitSum } from './sums';

const difference: Emit = (code) => code.vector(simd.f32Sub);
const ratio: Emit = (code) => code.vector(simd.f32Div);

/** Softmax along the last axis: e to the distances from the row's largest, over their sum; or that one's logarithm. */
export function emitSoftmax(code: FunctionCode, layout: Layout, node: Tensor<'softmax'> | Tensor<'logSoftmax'>): void {
  const x = layout.laneWise(inputAt(node.inputs, 0), code);
  if (x.kind === 'uniform') throw new Error('a softmax of one number');
  const { shape } = node;
  const column = [...shape.slice(0, -1), 1];
  const spread = (place: Stored): Stored => broadcastTo(place, shape);
  const made = (of: readonly number[], emit: Emit, inputs: readonly (Expression | Place)[], out = layout.room(of)): Stored => {
    emitElementwise(code, { emit, inputs }, out);
    return out;
  };
  const largest = layout.room(column);
  emitLargest(code, x, largest);
  const below: Expression = { emit: difference, inputs: [x, spread(largest)] };
  const powers = made(shape, emitExp, [below]);
  const total = layout.room(column);
  emitSum(code, powers, [shape.length - 1], total);
  if (node.op === 'softmax') made(shape, ratio, [powers, spread(total)], layout.make(node));
  else made(shape, difference, [below, spread(made(column, emitLog, [total]))], layout.make(node));
}

/** The largest element of each row. */
function emitLargest(code: FunctionCode, from: Stored, out: Stored): void {
  const last = from.shape.length - 1;
  const start: Stored = { ...from, shape: from.shape.slice(0, last), strides: from.strides.slice(0, last) };
  const along: Stored = { ...from, shape: from.shape.slice(last), strides: from.strides.slice(last) };
  const target = dense(out.address, start.shape);
  const most = code.local('f32');
  emitNest(code, start.shape, [start, target], 1, (outer) => {
    code.f32(-Infinity);
    code.set(most);
    emitNest(code, along.shape, [along], 1, (inner) => {
      code.get(most);
      outer.offset(start);
      inner.offset(along);
      code.emit(op.i32Add, op.f32Load, ...accessTo(from), op.f32Max);
      code.set(most);
    });
    outer.offset(target);
    code.get(most);
    code.emit(op.f32Store, ...accessTo(target));
  });
}

/** True for a softmax that there is code for. */
export const isAlongRows = ({ shape }: Tensor, axis: number): boolean => axis === shape.length - 1;
