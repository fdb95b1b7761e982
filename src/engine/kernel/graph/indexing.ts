import { isOp, type Tensor } from '../../../graph/operations';
import { pairOf } from '../../../graph/shapes';
import { op, type FunctionCode } from '../assembler';
import { emitUniform } from './elementwise';
import type { Layout } from './layout';
import { accessTo, emitNest, type Nest } from './loopNest';
import type { Stored } from './place';

/** A tensor seen from the places of its indices: they say where to go along the last axis. */
function rowsOf(place: Stored, { shape }: Stored): Stored {
  return { ...place, shape, strides: [...place.strides.slice(0, -1), 0] };
}

/** The offset of the element that the index at the nest's place names; a number that is no place ends the call. */
function emitChosen(code: FunctionCode, nest: Nest, indices: Stored, rows: Stored, along: Stored): void {
  const chosen = code.local('i32');
  nest.offset(indices);
  code.emit(op.i32Load, ...accessTo(indices));
  code.set(chosen);
  code.get(chosen);
  code.i32(along.shape.at(-1) ?? 1);
  code.emit(op.i32GeU);
  code.trapIf();
  code.get(chosen);
  code.i32(4 * (along.strides.at(-1) ?? 0));
  code.emit(op.i32Mul);
  nest.offset(rows);
  code.emit(op.i32Add);
}

/** out[i, j] = x[i, indices[i, j]]. */
export function emitTakeAlong(code: FunctionCode, layout: Layout, node: Tensor<'takeAlong'>): void {
  const [from, by] = pairOf(node.inputs);
  const [x, indices] = [layout.stored(from, code), layout.stored(by, code)];
  const out = layout.make(node);
  const rows = rowsOf(x, indices);
  emitNest(code, indices.shape, [indices, rows, out], 1, (nest) => {
    nest.offset(out);
    emitChosen(code, nest, indices, rows, x);
    code.emit(op.f32Load, ...accessTo(x), op.f32Store, ...accessTo(out));
  });
}

/** Zeros, with updates[i, j] added at [i, indices[i, j]]. */
export function emitPutAlong(code: FunctionCode, layout: Layout, node: Tensor<'putAlong'>): void {
  const [by, added] = pairOf(node.inputs);
  const [indices, updates] = [layout.stored(by, code), layout.placeOf(added, code)];
  const out = layout.make(node);
  emitUniform(code, { kind: 'uniform', value: 0 }, out);
  const rows = rowsOf(out, indices);
  const place = code.local('i32');
  emitNest(code, indices.shape, updates.kind === 'stored' ? [indices, rows, updates] : [indices, rows], 1, (nest) => {
    emitChosen(code, nest, indices, rows, out);
    code.set(place);
    code.get(place);
    code.get(place);
    code.emit(op.f32Load, ...accessTo(out));
    if (updates.kind === 'uniform') code.f32(updates.value);
    else {
      nest.offset(updates);
      code.emit(op.f32Load, ...accessTo(updates));
    }
    code.emit(op.f32Add, op.f32Store, ...accessTo(out));
  });
}

/** True for indices along the last axis that are given, perhaps reshaped. */
export function isChosenAlongRows(indices: Tensor, axis: number, given: ReadonlySet<Tensor>): boolean {
  if (axis !== indices.shape.length - 1) return false;
  for (let source: Tensor | undefined = indices; source !== undefined; source = source.inputs[0]) {
    if (given.has(source)) return true;
    if (!isOp(source, 'reshape')) return false;
  }
  return false;
}
