import type { Expression, Statement } from '../syntax/ast';
import type { Scope } from '../values/scope';
import { bodiesIn, heldUnder } from './heldFunctions';
import type { Machine } from './machine';

const trainingCalls = new Set([
  'backward',
  'step',
  'zero_grad',
  'train_on_batch',
  'fit',
  'partial_fit',
  'apply_gradients',
  'minimize',
  'assign_sub',
]);

interface Calls {
  readonly names: ReadonlySet<string>;
  /** What is gone through, and what callees are picked from. */
  readonly lists: readonly Expression[];
  readonly trains: boolean;
  readonly assigned: ReadonlySet<string>;
  readonly counted: ReadonlyMap<string, number | null>;
  /** Attributes that are assigned to otherwise. */
  readonly set: ReadonlySet<string>;
}

const known = new WeakMap<readonly Statement[], Calls>();

/** True when a block, or a function of the project that it calls by name, takes a training step. */
export function trains(m: Machine, scope: Scope, body: readonly Statement[]): boolean {
  const functions = functionBodies(m);
  const seen = new Set<string>();
  const look = (block: readonly Statement[], depth: number): boolean => {
    m.tick();
    const calls = callsOf(block);
    if (calls.trains) return true;
    if (depth > 8) return false;
    for (const name of calls.names) {
      if (seen.has(name)) continue;
      seen.add(name);
      const local = scope.get(name);
      const callable = ['function', 'instance', 'namespace', 'unknown', 'class'];
      if (local && !callable.includes(local.kind)) continue;
      for (const inner of functions.get(name) ?? []) if (look(inner, depth + 1)) return true;
      for (const inner of heldUnder(m, name)) if (look(inner, depth + 1)) return true;
    }
    const listed = depth === 0 ? calls.lists.flatMap((list) => bodiesIn(scope, list)) : [];
    return listed.some((inner) => look(inner, depth + 1));
  };
  return look(body, 0);
}

/** Names that a block assigns to. */
export const assignedNames = (body: readonly Statement[]): ReadonlySet<string> => callsOf(body).assigned;

/**
 * Attributes that a block, or a function of the project that it calls, counts up: `self.step += 1`. Null where they are no counters of
 * passes: counted in several places, or set back in between, as what waits for a loss to fall.
 */
export function countedAttributes(m: Machine, body: readonly Statement[]): ReadonlyMap<string, number | null> {
  const functions = functionBodies(m);
  const counted = new Map<string, number | null>();
  const set = new Set<string>();
  const seen = new Set<string>();
  const look = (block: readonly Statement[], depth: number): void => {
    m.tick();
    const calls = callsOf(block);
    for (const [name, by] of calls.counted) counted.set(name, counted.has(name) ? null : by);
    for (const name of calls.set) set.add(name);
    if (depth > 8) return;
    for (const name of calls.names) {
      if (seen.has(name)) continue;
      seen.add(name);
      for (const inner of functions.get(name) ?? []) look(inner, depth + 1);
      for (const inner of heldUnder(m, name)) look(inner, depth + 1);
    }
  };
  look(body, 0);
  for (const name of counted.keys()) if (set.has(name)) counted.set(name, null);
  return counted;
}

const bodyCache = new WeakMap<Machine, { count: number; bodies: Map<string, (readonly Statement[])[]> }>();

/** Bodies of all functions and methods of the files read so far, by name. */
function functionBodies(m: Machine): Map<string, (readonly Statement[])[]> {
  const cached = bodyCache.get(m);
  if (cached && cached.count === m.files.size) return cached.bodies;
  const bodies = new Map<string, (readonly Statement[])[]>();
  const visit = (block: readonly Statement[]): void => {
    for (const s of block) {
      if (s.kind === 'function') {
        if (!s.name.startsWith('__')) bodies.set(s.name, [...(bodies.get(s.name) ?? []), s.body]);
        visit(s.body);
      } else for (const inner of blocksOf(s)) visit(inner);
    }
  };
  for (const file of m.files.values()) visit(file.body);
  bodyCache.set(m, { count: m.files.size, bodies });
  return bodies;
}

/** The blocks of a statement. */
export function blocksOf(s: Statement): readonly (readonly Statement[])[] {
  switch (s.kind) {
    case 'if':
      return [s.then, s.otherwise];
    case 'for':
      return [s.body, s.otherwise];
    case 'while':
    case 'with':
    case 'class':
      return [s.body];
    case 'try':
      return [s.body, ...s.handlers, s.otherwise, s.finally];
    default:
      return [];
  }
}

function callsOf(block: readonly Statement[]): Calls {
  const cached = known.get(block);
  if (cached) return cached;
  const names = new Set<string>();
  const lists: Expression[] = [];
  const assigned = new Set<string>();
  const counted = new Map<string, number | null>();
  const set = new Set<string>();
  let found = false;
  const assign = (target: Expression): void => {
    if (target.kind === 'name') assigned.add(target.name);
    else if (target.kind === 'tuple' || target.kind === 'list') target.items.forEach(assign);
    else if (target.kind === 'attribute') set.add(target.name);
  };
  const inExpression = (e: Expression | null): void => {
    if (e === null) return;
    // A function that yields batches is one pass of the loop that takes them.
    if (e.kind === 'yield') found = true;
    if (e.kind === 'call') {
      const { callee } = e;
      if (callee.kind === 'attribute') {
        names.add(callee.name);
        if (trainingCalls.has(callee.name)) found = true;
      } else if (callee.kind === 'name') names.add(callee.name);
      else if (callee.kind === 'subscript') lists.push(callee.object);
    }
    for (const child of childrenOf(e)) inExpression(child);
  };
  const inBlock = (statements: readonly Statement[]): void => {
    for (const s of statements) {
      expressionsOf(s).forEach(inExpression);
      if (s.kind === 'for') lists.push(s.iterable);
      if (s.kind === 'assign') s.targets.forEach(assign);
      if (s.kind === 'augmented' && s.target.kind !== 'attribute') assign(s.target);
      if (s.kind === 'augmented' && s.target.kind === 'attribute')
        counted.set(s.target.name, s.operator === '+' && s.value.kind === 'number' ? s.value.value : null);
      blocksOf(s).forEach(inBlock);
    }
  };
  inBlock(block);
  const calls = { names, lists, trains: found, assigned, counted, set };
  known.set(block, calls);
  return calls;
}

/** The expressions of a statement, but for those of its blocks. */
export function expressionsOf(s: Statement): readonly (Expression | null)[] {
  switch (s.kind) {
    case 'expression':
    case 'return':
      return [s.value];
    case 'assign':
      return [s.value, ...s.targets];
    case 'augmented':
      return [s.value];
    case 'if':
    case 'while':
      return [s.test];
    case 'for':
      return [s.iterable];
    case 'with':
      return s.items.map((item) => item.value);
    default:
      return [];
  }
}

/** The parts of an expression. */
export function childrenOf(e: Expression): readonly (Expression | null)[] {
  switch (e.kind) {
    case 'list':
    case 'tuple':
    case 'set':
      return e.items;
    case 'dict':
      return e.entries.map((entry) => entry.value);
    case 'attribute':
      return [e.object];
    case 'subscript':
      return [e.object, e.index];
    case 'call':
      return [e.callee, ...e.arguments.map((a) => a.value)];
    case 'slice':
      return [e.start, e.stop, e.step];
    case 'unary':
      return [e.operand];
    case 'binary':
      return [e.left, e.right];
    case 'compare':
      return e.operands;
    case 'conditional':
      return [e.test, e.then, e.otherwise];
    case 'comprehension':
      return [e.element, e.value, ...e.clauses.map((c) => c.iterable)];
    case 'walrus':
    case 'yield':
    case 'starred':
      return [e.value];
    default:
      return [];
  }
}
