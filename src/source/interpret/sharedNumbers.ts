import type { DataKind, DataStep } from '../../records/dataSteps';
import type { Reason, SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import type { DataProgram } from './dataProgram';
import type { Machine } from './machine';

/** Steps whose result is the same memory in NumPy and torch, seen in another way. */
const views: ReadonlySet<DataKind> = new Set<DataKind>([
  'slice',
  'index',
  'transpose',
  'reshape',
  'unsqueeze',
  'squeeze',
  'flatten',
]);

/** Why the numbers of an array are not what its step gives: its own fault, or a later change of memory that it shares. */
export const faultOf = (m: Machine, array: DataArray): Reason | null =>
  array.fault ?? m.program.overwritten.get(array.step) ?? null;

/** Notes that the memory behind `step` is written to at `range`: arrays that share it are no longer what they were read as. */
export function noteWritten(program: DataProgram, step: number, range: SourceRange): void {
  const own = memoryOf(program, step);
  const reason: Reason = { text: 'These numbers change with an array that shares their memory, which is not followed', range };
  for (let other = 0; other < program.steps.length; other++) {
    if (other === step) continue;
    const chain = memoryOf(program, other);
    if (chain[0] === own[0] && overlap(program, own, chain)) program.overwritten.set(other, reason);
  }
}

/** The steps from the one that owns the memory to `step`. */
function memoryOf(program: DataProgram, step: number): readonly number[] {
  const chain = [step];
  for (let at = program.steps[step]; at && views.has(at.kind); at = program.steps[chain[0] ?? -1]) {
    const [parent] = at.inputs;
    if (parent === undefined) break;
    chain.unshift(parent);
  }
  return chain;
}

function overlap(program: DataProgram, a: readonly number[], b: readonly number[]): boolean {
  const fork = a.findIndex((step, i) => step !== b[i]);
  const [first, second] = [program.steps[a[fork] ?? -1], program.steps[b[fork] ?? -1]];
  return !(fork > 0 && first && second && disjoint(first, second));
}

/** True for two parts of one array that surely have no entry in common: `data[:, :-1]` and `data[:, -1]`. */
function disjoint(a: DataStep, b: DataStep): boolean {
  const [p, q] = [extentOf(a), extentOf(b)];
  if (!p || !q || p.axis !== q.axis) return false;
  return before(p.end, q.start) || before(q.end, p.start);
}

interface Extent {
  readonly axis: number;
  /** First place; negative from the end. */
  readonly start: number;
  /** The place behind the last one; null is the end of the axis. */
  readonly end: number | null;
}

function extentOf(step: DataStep): Extent | null {
  if (step.kind === 'index') {
    const { axis, at } = step.arguments;
    return { axis, start: at, end: at === -1 ? null : at + 1 };
  }
  if (step.kind !== 'slice' || step.arguments.step < 1) return null;
  const { axis, start, end } = step.arguments;
  if ((start !== null && typeof start !== 'number') || (end !== null && typeof end !== 'number')) return null;
  return { axis, start: start ?? 0, end };
}

/** Surely not behind `start`: both counted from the same side. */
const before = (end: number | null, start: number): boolean => end !== null && end < 0 === start < 0 && end <= start;
