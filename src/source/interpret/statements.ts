import { noteGrowth } from './growth';
import type { ClassNode, Expression, FunctionNode, Statement } from '../syntax/ast';
import type { ClassValue, CommandValue, FunctionValue, ProgressValue, Value } from '../values/value';
import { rhythmOf, type Rhythm } from '../values/rhythm';
import type { Scope } from '../values/scope';
import { listValue, none, parameterOf, unknown } from '../values/value';
import { scaleWeights } from '../vocabulary/layers/givenWeights';
import { Scope as NewScope } from '../values/scope';
import { assignTo } from './assignment';
import { deleteItem } from './entries';
import { choiceBy, type Choice } from './choices';
import { defaultsOf, evaluate, makeCall } from './expressions';
import { importFrom, importNames } from './imports';
import { noteLeaving } from './leaving';
import { chosenRows } from './rowChoices';
import { runFor, runWhile } from './loops';
import { makesValues } from './loopEnds';
import type { Machine } from './machine';
import { binaryOperation, truth } from './operators';
import { callValue } from './calls';

/** How a block ended. `return` under an unknown condition is remembered, and what follows is run as well. */
export type Completion =
  { readonly kind: 'normal' | 'break' | 'continue' | 'raise' } | { readonly kind: 'return'; readonly value: Value };

export const normal = { kind: 'normal' } as Completion;

/** Runs statements in order. Values that were returned under unknown conditions are put into `maybe`. */
export function runBlock(m: Machine, scope: Scope, body: readonly Statement[], maybe: Value[]): Completion {
  const conditions = m.conditions.length;
  let completion = normal;
  for (const [at, statement] of body.entries()) {
    completion = runStatement(m, scope, statement, maybe, body.slice(at + 1));
    if (completion.kind !== 'normal') break;
  }
  // What stood behind `if ...: continue` stood under its opposite.
  m.conditions.length = conditions;
  return completion;
}

function runStatement(m: Machine, scope: Scope, node: Statement, maybe: Value[], rest: readonly Statement[]): Completion {
  m.tick();
  switch (node.kind) {
    case 'expression':
      evaluate(m, scope, node.value);
      return normal;
    case 'assign': {
      if (node.value === null) return normal;
      const value = evaluate(m, scope, node.value);
      for (const target of node.targets) assignTo(m, scope, target, value);
      return normal;
    }
    case 'augmented':
      augmented(m, scope, node);
      return normal;
    case 'if':
      return conditional(m, scope, node, maybe, rest);
    case 'for':
      return runFor(m, scope, node, maybe);
    case 'while':
      return runWhile(m, scope, node, maybe);
    case 'with':
      return withBlock(m, scope, node, maybe);
    case 'try': {
      const completion = runBlock(m, scope, node.body, maybe);
      if (completion.kind === 'normal') {
        const rest = runBlock(m, scope, node.otherwise, maybe);
        if (rest.kind !== 'normal') return rest;
      }
      const last = runBlock(m, scope, node.finally, maybe);
      if (last.kind !== 'normal') return last;
      return completion.kind === 'raise' ? normal : completion;
    }
    case 'function':
      defineFunction(m, scope, node);
      return normal;
    case 'class':
      defineClass(m, scope, node);
      return normal;
    case 'return':
      return { kind: 'return', value: node.value ? evaluate(m, scope, node.value) : none };
    case 'import':
      importNames(m, scope, node.names);
      return normal;
    case 'importFrom':
      importFrom(m, scope, node);
      return normal;
    case 'global':
      for (const name of node.names) scope.globals.add(name);
      return normal;
    case 'delete':
      for (const target of node.targets)
        if (target.kind === 'subscript')
          deleteItem(m, evaluate(m, scope, target.object), evaluate(m, scope, target.index), node.range);
      return normal;
    case 'break':
    case 'continue':
    case 'raise':
      return { kind: node.kind };
    case 'pass':
      return normal;
  }
}

function augmented(m: Machine, scope: Scope, node: Statement & { readonly kind: 'augmented' }): void {
  const before = evaluate(m, scope, node.target);
  const by = evaluate(m, scope, node.value);
  if (before.kind === 'list' && by.kind === 'list' && node.operator === '+' && before.form === 'list') {
    if (before.items.length < 10_000) before.items.push(...by.items.slice(0, 1_000));
    noteGrowth(m, before);
    if (by.open) before.open = true;
    return;
  }
  const cell = parameterOf(before);
  if (cell && (node.operator === '*' || node.operator === '/')) {
    const factor = by.kind !== 'number' ? null : node.operator === '*' ? by.value : 1 / by.value;
    return scaleWeights(m, cell, factor, node.range);
  }
  const after = binaryOperation(m, node.operator, before, by, node.range);
  assignTo(m, scope, node.target, isRowOfMemory(m, before) && after.kind === 'array' ? changedAgain(after, node.range) : after);
}

/** One row of an array that is changed in place: `x *= 2` in `__getitem__` writes into the array itself. */
const isRowOfMemory = (m: Machine, value: Value): boolean =>
  value.kind === 'array' &&
  value.row &&
  (value.flavour === 'numpy' || value.shared === true) &&
  m.program.results.get(value.step)?.row !== true;

const changedAgain = (array: Value & { readonly kind: 'array' }, range: Statement['range']): Value => ({
  ...array,
  fault: { text: 'This changes the data themselves, again each time that the row is taken; the run would not', range },
});

function conditional(
  m: Machine,
  scope: Scope,
  node: Statement & { readonly kind: 'if' },
  maybe: Value[],
  rest: readonly Statement[],
): Completion {
  const value = evaluate(m, scope, node.test);
  const test = truth(value);
  if (test !== null) return runBlock(m, scope, test ? node.then : node.otherwise, maybe);
  const chosen = chosenRows(m, scope, node, value, rest, maybe);
  if (chosen) return chosen;
  const before = new Map(scope.variables);
  let first = normal;
  let second = normal;
  const [every, exceptEvery] = regularity(value);
  m.conditions.push(every);
  const firstWrites = m.journal.tentatively(() => {
    first = runBlock(m, scope, node.then, maybe);
  });
  const afterThen = new Map(scope.variables);
  restore(scope, before);
  m.conditions.pop();
  m.conditions.push(exceptEvery);
  const secondWrites = m.journal.tentatively(() => {
    second = runBlock(m, scope, node.otherwise, maybe);
  });
  m.conditions.pop();
  if (first.kind === 'break') noteLeaving(m, scope, node);
  if (first.kind === 'normal' && second.kind === 'normal') {
    const either = choiceBy(m, value, node.test.range);
    merge(scope, afterThen, either);
    m.journal.join(firstWrites, secondWrites, either);
  } else if (first.kind === 'normal') {
    restore(scope, afterThen);
    m.journal.keep(firstWrites);
  } else m.journal.keep(secondWrites);
  // What follows is not done in all passes; of steps that are taken, an exception is the rare case.
  const isRare = exceptEvery === null && !makesValues(m);
  if (first.kind === 'continue' && second.kind === 'normal' && !isRare) m.conditions.push(exceptEvery);
  for (const completion of [first, second]) if (completion.kind === 'return') maybe.push(completion.value);
  // Both ways leave: so does the block. A break or a raise under an unknown condition is taken as the rare case.
  if (first.kind !== 'normal' && second.kind !== 'normal') {
    if (first.kind === 'return') maybe.pop();
    return first.kind === 'raise'
      ? second
      : first.kind === 'return' && second.kind === 'return'
        ? { kind: 'return', value: choiceBy(m, value, node.test.range)(first.value, second.value) }
        : first;
  }
  return normal;
}

/** How regularly a condition holds, and how regularly it fails: `i % 4 == 0`, `i % 4`. */
function regularity(value: Value): readonly [Rhythm | null, Rhythm | null] {
  if (value.kind === 'progress') return [null, regularPasses(value)];
  if (value.kind !== 'unknown') return [null, null];
  const last: Rhythm | null = value.lastOf ? { loop: value.lastOf, every: 1, at: 0, unclear: true } : null;
  return [value.every ?? last, value.exceptEvery ?? null];
}

/** The passes in which `i % 4` is zero. */
function regularPasses(counter: ProgressValue): Rhythm | null {
  const passes = rhythmOf(counter, 0);
  return typeof passes === 'boolean' ? null : passes;
}

function restore(scope: Scope, variables: ReadonlyMap<string, Value>): void {
  scope.variables.clear();
  for (const [name, value] of variables) scope.variables.set(name, value);
}

/** After an `if` that may go either way: what both agree on, or what one of them alone defined. */
function merge(scope: Scope, first: ReadonlyMap<string, Value>, either: Choice): void {
  for (const [name, value] of first) {
    const second = scope.variables.get(name);
    if (second === undefined) scope.variables.set(name, value);
    else if (second !== value) scope.variables.set(name, either(value, second));
  }
}

function withBlock(m: Machine, scope: Scope, node: Statement & { readonly kind: 'with' }, maybe: Value[]): Completion {
  let noGrad = 0;
  for (const item of node.items) {
    const value = evaluate(m, scope, item.value);
    if (value.kind === 'inert' && (value.path === 'torch.no_grad' || value.path === 'torch.inference_mode')) noGrad++;
    if (item.target) assignTo(m, scope, item.target, value);
  }
  m.noGradDepth += noGrad;
  const completion = runBlock(m, scope, node.body, maybe);
  m.noGradDepth -= noGrad;
  return completion;
}

function defineFunction(m: Machine, scope: Scope, node: FunctionNode): void {
  scope.set(node.name, decorated(m, scope, node.decorators, functionValue(m, scope, node, null)));
}

export function functionValue(m: Machine, scope: Scope, node: FunctionNode, owner: ClassValue | null): FunctionValue {
  const defaults = defaultsOf(m, scope, node.parameters);
  return {
    kind: 'function',
    name: node.name,
    parameters: node.parameters,
    body: node.body,
    scope,
    node,
    defaults,
    self: null,
    owner,
  };
}

/** Decorators of libraries leave a function or class as it is; the script's own are called, such as those that register it. */
function decorated(m: Machine, scope: Scope, decorators: readonly Expression[], value: Value): Value {
  let result = value;
  for (const decorator of [...decorators].reverse()) {
    const wrapper = evaluate(m, scope, decorator);
    if (wrapper.kind === 'command' && result.kind === 'function') result = commanded(result, wrapper);
    if (wrapper.kind !== 'function' && wrapper.kind !== 'instance') continue;
    const call = makeCall(m, scope, [], decorator.range, decorator.range);
    const wrapped = callValue(m, wrapper, { ...call, positional: [{ value: result, range: decorator.range }] });
    if (wrapped.kind === 'function' || wrapped.kind === 'class') result = wrapped;
  }
  return result;
}

/** The function with one more option of the command line. */
const commanded = (callee: FunctionValue, command: CommandValue): FunctionValue => ({
  ...callee,
  command: {
    kind: 'command',
    named: new Map([...(callee.command?.named ?? []), ...command.named]),
    positional: [...command.positional, ...(callee.command?.positional ?? [])],
  },
});

const decoratorName = (node: Expression): string =>
  node.kind === 'name'
    ? node.name
    : node.kind === 'attribute'
      ? node.name
      : node.kind === 'call'
        ? decoratorName(node.callee)
        : '';

function defineClass(m: Machine, scope: Scope, node: ClassNode): void {
  const bases = node.bases.filter((b) => b.keyword === null).map((b) => evaluate(m, scope, b.value));
  const members = new Map<string, Value>();
  const inner = new NewScope(scope, scope.path);
  const isDataclass = node.decorators.some((d) => decoratorName(d) === 'dataclass' || decoratorName(d) === 'define');
  const isTuple = bases.some((b) => b.kind === 'external' && b.path === 'typing.NamedTuple');
  const fields = node.body.flatMap((s) => (s.kind === 'assign' && s.targets[0]?.kind === 'name' ? [s.targets[0].name] : []));
  const value: ClassValue = {
    kind: 'class',
    name: node.name,
    node,
    scope,
    bases,
    members,
    fields: isDataclass || isTuple ? fields : null,
  };
  for (const statement of node.body) {
    if (statement.kind !== 'function') {
      runBlock(m, inner, [statement], []);
      continue;
    }
    const method = functionValue(m, scope, statement, value);
    const names = statement.decorators.map(decoratorName);
    inner.variables.set(statement.name, method);
    members.set(
      statement.name,
      names.includes('staticmethod') || names.includes('property') || names.includes('classmethod')
        ? { ...method, name: `@${names[0] ?? ''} ${method.name}` }
        : method,
    );
  }
  for (const [name, member] of inner.variables) if (!members.has(name)) members.set(name, member);
  scope.set(node.name, decorated(m, scope, node.decorators, value));
}

/** What a `yield`ing function gives back. */
export const generated = (values: readonly Value[]): Value => (values.length === 0 ? unknown : listValue([...values]));
