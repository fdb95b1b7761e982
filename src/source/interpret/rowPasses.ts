import type { Size } from '../../graph/size';
import type { DataKind, DataSteps } from '../../records/dataSteps';
import type { Expression, Statement } from '../syntax/ast';
import type { Array as DataArray } from '../values/dataValues';
import type { Value } from '../values/value';
import { sizeOf } from './call';
import type { Iteration } from './iteration';
import type { Machine } from './machine';

/** Whether a loop that is gone through once, and does not train, makes a row of data in each of its passes. */
export const makesRows = (m: Machine, iteration: Iteration): boolean =>
  m.loops.length === 0 &&
  m.conditions.length === 0 &&
  !m.replay &&
  !(iteration.kind === 'once' && iteration.batches) &&
  sizeOf(iteration.count) !== null;

/** How many rows the loop around makes, one in each pass; null in other loops. */
export function rowsMade(m: Machine): Size | null {
  const loop = m.currentLoop;
  return loop?.makes ? sizeOf(loop.count) : null;
}

/** A part of the row that a pass makes. */
export const isPartOfRow = (m: Machine, value: Value): value is DataArray =>
  value.kind === 'array' && value.row && m.currentLoop !== null && value.loop === m.currentLoop.id;

/** The number of the pass, and what is computed from it. */
export const isPassNumber = (m: Machine, value: Value): value is Value & { readonly kind: 'progress' } =>
  value.kind === 'progress' && value.loop === m.currentLoop && value.modulus === null && !value.continues;

const draws: ReadonlySet<DataKind> = new Set<DataKind>(['randomNormal', 'randomUniform', 'randomInteger']);

/** What a pass draws at random, drawn for all passes at once: the arguments and the result of the step; null for other steps. */
export function drawnForRows<K extends DataKind>(
  m: Machine,
  kind: K,
  args: DataSteps[K],
  result: Partial<DataArray>,
): { readonly args: DataSteps[K]; readonly result: Partial<DataArray> } | null {
  const rows = draws.has(kind) ? rowsMade(m) : null;
  if (rows === null || !('shape' in args)) return null;
  const shape = [rows, ...(args.shape as readonly Size[])];
  return { args: { ...args, shape }, result: { ...result, shape, row: true, loop: m.currentLoop?.id ?? null } };
}

/** The blocks inside a statement. */
export const blocksIn = (s: Statement): readonly (readonly Statement[])[] =>
  s.kind === 'if'
    ? [s.then, s.otherwise]
    : s.kind === 'for' || s.kind === 'while' || s.kind === 'with'
      ? [s.body]
      : s.kind === 'try'
        ? [s.body, ...s.handlers, s.otherwise, s.finally]
        : [];

/** Whether a loop stands in a block. */
export const hasLoop = (body: readonly Statement[]): boolean =>
  body.some((s) => s.kind === 'for' || s.kind === 'while' || blocksIn(s).some(hasLoop));

/** Whether a block draws numbers at random, one by one, as far as its text shows. */
export const drawsIn = (body: readonly Statement[]): boolean => areSingle(body.flatMap(drawsOf));

/** Whether an expression draws numbers at random, one by one, as far as its text shows. */
export const drawsInside = (e: Expression): boolean => areSingle(drawsWithin(e));

type CallNode = Expression & { readonly kind: 'call' };

const areSingle = (calls: readonly CallNode[]): boolean => calls.length > 0 && calls.every(isSingle);

function drawsOf(s: Statement): readonly CallNode[] {
  const own =
    s.kind === 'expression' || s.kind === 'assign' || s.kind === 'augmented' ? s.value : s.kind === 'if' ? s.test : null;
  return [...(own === null ? [] : drawsWithin(own)), ...blocksIn(s).flatMap((block) => block.flatMap(drawsOf))];
}

const shaped = /^(random|rand|randn|random_sample|standard_normal)$/;
const bounded = /^(uniform|randint|randrange|normal|gauss|choice)$/;

/** `random()`, `randint(0, 9)`; not `randn(100)`, nor `normal(0, 1, 100)`. */
function isSingle({ callee, arguments: args }: CallNode): boolean {
  const name = callee.kind === 'attribute' ? callee.name : callee.kind === 'name' ? callee.name : '';
  return shaped.test(name) ? args.length === 0 : args.length <= 2 && args.every(({ keyword }) => keyword !== 'size');
}

function drawsWithin(e: Expression): readonly CallNode[] {
  switch (e.kind) {
    case 'call': {
      const { callee } = e;
      const name = callee.kind === 'attribute' ? callee.name : callee.kind === 'name' ? callee.name : '';
      const inner = [...e.arguments.flatMap((a) => drawsWithin(a.value)), ...drawsWithin(callee)];
      return shaped.test(name) || bounded.test(name) ? [e, ...inner] : inner;
    }
    case 'attribute':
      return drawsWithin(e.object);
    case 'binary':
      return [e.left, e.right].flatMap(drawsWithin);
    case 'unary':
      return drawsWithin(e.operand);
    case 'list':
    case 'tuple':
      return e.items.flatMap(drawsWithin);
    case 'conditional':
      return [e.test, e.then, e.otherwise].flatMap(drawsWithin);
    case 'compare':
      return e.operands.flatMap(drawsWithin);
    case 'comprehension':
      return drawsWithin(e.element);
    default:
      return [];
  }
}
