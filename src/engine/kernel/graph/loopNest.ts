import type { FunctionCode } from '../assembler';
import { op, unsigned } from '../assembler';
import type { Stored } from './place';

/** Loops over the places of a shape; operands that move alike share one offset. */
export interface Nest {
  /** Puts `operand`'s distance from its first element at the loops' place on the stack, in bytes; the address goes into the access. */
  offset(operand: Stored): void;
}

/** Axes with what they move every operand by, in elements. */
interface Axis {
  readonly size: number;
  readonly strides: readonly number[];
}

/** Neighbouring axes on which all operands go on without a jump become one. Axes of size 1 vanish. */
export function collapsed(shape: readonly number[], operands: readonly (readonly number[])[]): readonly Axis[] {
  const axes: Axis[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const strides = operands.map((of) => of[axis] ?? 0);
    const last = axes.at(-1);
    const goesOn = last?.strides.every((stride, i) => stride === size * (strides[i] ?? 0)) ?? false;
    if (last && goesOn) axes[axes.length - 1] = { size: last.size * size, strides };
    else axes.push({ size, strides });
  });
  return axes;
}

/**
 * Emits loops over `shape` with `body` inside. With `lanes` 4 the last axis is taken four elements at a time: where its size is no
 * multiple, the last four reach beyond it, and what they leave there is overwritten by the next row, or lies behind the tensor.
 */
export function emitNest(
  code: FunctionCode,
  shape: readonly number[],
  operands: readonly Stored[],
  lanes: 1 | 4,
  body: (nest: Nest) => void,
): void {
  const axes = collapsed(
    shape,
    operands.map(({ strides }) => strides),
  );
  const offsets = new Map<string, number>();
  const keyOf = (operand: number): string => axes.map(({ strides }) => strides[operand]).join();
  const locals = operands.map((_, i) => {
    const key = keyOf(i);
    const local = offsets.get(key) ?? code.local('i32');
    if (!offsets.has(key)) {
      code.i32(0);
      code.set(local);
    }
    offsets.set(key, local);
    return local;
  });
  const nest: Nest = { offset: (operand) => code.get(locals[operands.indexOf(operand)] ?? 0) };
  const moving = [...new Set(locals)];
  const distance = (local: number, axis: Axis): number => 4 * (axis.strides[locals.indexOf(local)] ?? 0);
  const emitAxis = (place: number): void => {
    const axis = axes[place];
    if (axis === undefined) {
      body(nest);
      return;
    }
    const step = place === axes.length - 1 ? lanes : 1;
    const times = Math.ceil(axis.size / step);
    const moved = moving.filter((local) => distance(local, axis) !== 0);
    code.repeat(times, () => {
      emitAxis(place + 1);
      for (const local of moved) code.advance(local, step * distance(local, axis));
    });
    if (place > 0) for (const local of moved) code.advance(local, -times * step * distance(local, axis));
  };
  emitAxis(0);
}

/** Immediates of an access to `operand` at a nest's offset. */
export const accessTo = ({ address }: Stored): readonly number[] => [2, ...unsigned(address)];

/** True if four neighbours of the last axis are four neighbours in memory, or all the same. */
export function isLaneWise({ shape, strides }: Stored): boolean {
  const last = strides[shape.findLastIndex((size) => size > 1)] ?? 0;
  return last === 0 || last === 1;
}

/** True if four neighbours of the last axis are one element. */
export const repeats = ({ shape, strides }: Stored): boolean => (strides[shape.findLastIndex((size) => size > 1)] ?? 0) === 0;

/** Copies `from` to `to`, which has its shape, element by element. */
export function emitCopy(code: FunctionCode, from: Stored, to: Stored): void {
  emitNest(code, to.shape, [from, to], 1, (nest) => {
    nest.offset(to);
    nest.offset(from);
    code.emit(op.f32Load, ...accessTo(from));
    code.emit(op.f32Store, ...accessTo(to));
  });
}
