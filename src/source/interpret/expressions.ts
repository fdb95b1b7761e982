import { madeHere } from './growth';
import type { OptimizerValue } from '../values/training';
import type { ArgumentNode, Expression } from '../syntax/ast';
import { passing } from '../values/origin';
import type { FunctionValue, Value } from '../values/value';
import { booleanValue, listValue, none, numberValue, stringValue, unknown, unreadable } from '../values/value';
import { Scope } from '../values/scope';
import { binaryOperation, compareValues, truth, unaryOperation } from './operators';
import { joinedPasses } from './passConditions';
import { attributeOf } from './attributes';
import { choiceBy } from './choices';
import { batchesOfUnread, fromOutside } from './outsideRows';
import { isBounded } from './nesting';
import { isMadeOfRows, rowsOfComprehension, wholeComprehension } from './comprehensions';
import { isShapeKnown } from './shapes';
import type { Argument, Call } from './call';
import { callValue } from './calls';
import { iterationOf, type Iteration } from './iteration';
import { chosenByEntry } from './elementwise';
import type { Machine } from './machine';
import { subscriptOf } from './subscripts';
import { assignTo } from './assignment';
import { builtin } from '../vocabulary/python/builtins';

/** The value of an expression on symbols. Never fails: what is not known is `unknown`. */
export function evaluate(m: Machine, scope: Scope, node: Expression): Value {
  m.tick();
  const value = valueOf(m, scope, node);
  return isBounded(value) ? value : unknown;
}

function valueOf(m: Machine, scope: Scope, node: Expression): Value {
  switch (node.kind) {
    case 'name':
      return (
        scope.get(node.name) ??
        builtin(m, scope, node.name) ??
        fromOutside({ text: `\`${node.name}\` is not defined where it is used`, range: node.range })
      );
    case 'number':
      return numberValue(node.value, node.integer, { place: node.range, chain: [] });
    case 'string':
      return stringValue(node.inside.length > 0 ? formatted(m, scope, node) : node.value, { place: node.range, chain: [] });
    case 'constant':
      return node.value === null ? none : booleanValue(node.value, { place: node.range, chain: [] });
    case 'list':
    case 'tuple':
    case 'set':
      return madeHere(m, listValue(sequenceItems(m, scope, node.items), node.kind, node.range));
    case 'dict':
      return madeHere(m, dictionary(m, scope, node.entries));
    case 'attribute':
      return passing(attributeOf(m, evaluate(m, scope, node.object), node.name, node.range), node.range);
    case 'subscript':
      return passing(subscriptOf(m, evaluate(m, scope, node.object), evaluate(m, scope, node.index), node.range), node.range);
    case 'slice': {
      const part = (e: Expression | null): Value => (e ? evaluate(m, scope, e) : none);
      return { kind: 'slice', start: part(node.start), stop: part(node.stop), step: part(node.step) };
    }
    case 'call':
      return evaluateCall(m, scope, node);
    case 'unary':
      return unaryOperation(m, node.operator, evaluate(m, scope, node.operand), node.range);
    case 'binary':
      return binary(m, scope, node);
    case 'compare':
      return comparison(m, scope, node);
    case 'conditional': {
      const condition = evaluate(m, scope, node.test);
      const test = truth(condition);
      if (test !== null) return evaluate(m, scope, test ? node.then : node.otherwise);
      if (condition.kind === 'array' && (m.entrywise > 0 || isOfOneRow(condition)))
        return chosenByEntry(m, condition, evaluate(m, scope, node.then), evaluate(m, scope, node.otherwise), node.range);
      const either = choiceBy(m, condition, node.range);
      return either(evaluate(m, scope, node.then), evaluate(m, scope, node.otherwise));
    }
    case 'lambda': {
      const value: FunctionValue = {
        kind: 'function',
        name: 'lambda',
        parameters: node.parameters,
        body: node.body,
        scope,
        node: null,
        defaults: defaultsOf(m, scope, node.parameters),
        self: null,
        owner: null,
      };
      return value;
    }
    case 'comprehension':
      return comprehension(m, scope, node);
    case 'walrus': {
      const value = evaluate(m, scope, node.value);
      assignTo(m, scope, node.target, value);
      return value;
    }
    case 'yield': {
      const value = node.value ? evaluate(m, scope, node.value) : none;
      const held = m.yields[m.yields.length - 1];
      // In a loop that is run once the value stands for several, of which this is known for batches of rows alone.
      const isOneOfMany = m.loops.length > (m.yieldsFrom[m.yieldsFrom.length - 1] ?? 0) && holdsArrays(value);
      const why = unreadable('The batches that this generator makes are not read', node.range);
      if (held && held.length < 5_000) held.push(isOneOfMany ? { kind: 'batches', item: why } : value);
      return unknown;
    }
    case 'starred':
      return evaluate(m, scope, node.value);
    case 'error':
      return unreadable('This is not complete Python', node.range);
  }
}

/** Default values of a function's parameters, evaluated where it is defined. */
export function defaultsOf(m: Machine, scope: Scope, parameters: FunctionValue['parameters']): Map<string, Value> {
  const defaults = new Map<string, Value>();
  for (const p of parameters) if (p.default) defaults.set(p.name, evaluate(m, scope, p.default));
  return defaults;
}

/** One value when both are the same, else not known. */
export function join(a: Value, b: Value): Value {
  if (a === b) return a;
  if (b.kind === 'unknown' && b.saved) return a;
  if (a.kind === 'unknown' && a.saved) return b;
  if ('value' in a && 'value' in b && a.kind === b.kind && a.value === b.value) return a;
  if (a.kind === 'external' && b.kind === 'external' && a.path === b.path) return a;
  if (a.kind === 'none' && b.kind === 'none') return a;
  if (a.kind === 'inert' && b.kind === 'inert' && a.path === b.path) return a;
  if (a.kind === 'optimizer' && b.kind === 'optimizer') return eitherOptimizer(a, b);
  return unknown;
}

/** One of two optimizers: from here on what is done with the one is done with the other. */
function eitherOptimizer(a: OptimizerValue, b: OptimizerValue): OptimizerValue {
  const rivals = new Set([...(a.rivals ?? [a]), ...(b.rivals ?? [b])]);
  for (const one of rivals) one.rivals = rivals;
  return a;
}

/** An f-string: what stands in its braces is evaluated, and named plain values are filled in. */
function formatted(m: Machine, scope: Scope, node: Expression & { readonly kind: 'string' }): string {
  const values = node.inside.map((inner) => evaluate(m, scope, inner));
  let position = 0;
  return node.value.replace(/\{[^{}]*\}/g, (whole) => {
    const value = values[position++];
    return value && (value.kind === 'string' || value.kind === 'number') && !whole.includes(':') ? String(value.value) : whole;
  });
}

function sequenceItems(m: Machine, scope: Scope, items: readonly Expression[]): Value[] {
  return items.flatMap((item) => {
    const value = evaluate(m, scope, item);
    if (item.kind !== 'starred') return [value];
    const iteration = iterationOf(m, value, item.range);
    return iteration.kind === 'items' ? [...iteration.items] : [unknown];
  });
}

function dictionary(
  m: Machine,
  scope: Scope,
  entries: readonly { readonly key: Expression | null; readonly value: Expression }[],
): Value {
  const result = new Map<string | number | boolean, Value>();
  let open = false;
  for (const entry of entries) {
    const value = evaluate(m, scope, entry.value);
    if (entry.key === null) {
      if (value.kind === 'dict') for (const [k, v] of value.entries) result.set(k, v);
      open ||= value.kind !== 'dict' || value.open === true;
      continue;
    }
    const key = evaluate(m, scope, entry.key);
    if (key.kind === 'string' || key.kind === 'number' || key.kind === 'boolean')
      result.set(key.value, passing(value, entry.key.range));
    else open = true;
  }
  return open ? { kind: 'dict', entries: result, open } : { kind: 'dict', entries: result };
}

/** A question about each row of a loop that one pass stands for. */
const isOfOneRow = (condition: Value): boolean =>
  condition.kind === 'array' && condition.mask && condition.row && condition.loop !== null;

function binary(m: Machine, scope: Scope, node: Expression & { readonly kind: 'binary' }): Value {
  const left = evaluate(m, scope, node.left);
  if (node.operator === 'and' || node.operator === 'or') {
    const test = truth(left);
    if (test === null && left.kind === 'array' && (m.entrywise > 0 || isOfOneRow(left)))
      return binaryOperation(m, node.operator === 'and' ? '&' : '|', left, evaluate(m, scope, node.right), node.range);
    if (test === null) return jointCondition(m, scope, { ...node, operator: node.operator }, left);
    return test === (node.operator === 'and') ? evaluate(m, scope, node.right) : left;
  }
  return binaryOperation(m, node.operator, left, evaluate(m, scope, node.right), node.range);
}

/** Two conditions of which the first is not known. */
function jointCondition(
  m: Machine,
  scope: Scope,
  { operator, right }: { readonly operator: 'and' | 'or'; readonly right: Expression },
  left: Value,
): Value {
  const second = evaluate(m, scope, right);
  const test = truth(second);
  const isRegular = left.kind === 'unknown' && left.every !== undefined;
  if (isRegular && test !== null) return test === (operator === 'and') ? left : second;
  return joinedPasses(operator, left, second) ?? join(left, second);
}

function comparison(m: Machine, scope: Scope, node: Expression & { readonly kind: 'compare' }): Value {
  const values = node.operands.map((operand) => evaluate(m, scope, operand));
  let result = booleanValue(true) as Value;
  for (let i = 0; i + 1 < values.length; i++) {
    const one = compareValues(m, node.operators[i] ?? '', values[i] as Value, values[i + 1] as Value, node.range);
    if (values.length === 2) return one;
    const test = truth(one);
    if (test === false) return one;
    if (test === null)
      result =
        (m.entrywise > 0 || isOfOneRow(result)) && result.kind === 'array'
          ? binaryOperation(m, '&', result, one, node.range)
          : one;
  }
  return result;
}

function evaluateCall(m: Machine, scope: Scope, node: Expression & { readonly kind: 'call' }): Value {
  const callee = evaluate(m, scope, node.callee);
  const call = makeCall(
    m,
    scope,
    node.arguments,
    node.range,
    node.callee.kind === 'attribute' ? node.callee.nameRange : node.callee.range,
  );
  const batches = node.callee.kind === 'attribute' ? batchesOfUnread(callee, node.callee.name, call) : null;
  return batches ?? callValue(m, callee, call);
}

/** Evaluates the arguments of a call. */
export function makeCall(
  m: Machine,
  scope: Scope,
  nodes: readonly ArgumentNode[],
  range: Call['range'],
  name: Call['name'],
): Call {
  const positional: Argument[] = [];
  const keywords = new Map<string, Argument>();
  let unclear: Call['unclear'] = null;
  for (const node of nodes) {
    const value = evaluate(m, scope, node.value);
    const argument = { value, range: node.value.range };
    if (node.keyword !== null) keywords.set(node.keyword, argument);
    else if (node.star === '*' && value.kind === 'shape' && !isShapeKnown(value)) positional.push(argument);
    else if (node.star === '*') {
      const iteration = iterationOf(m, value, node.range);
      if (iteration.kind === 'items') positional.push(...iteration.items.map((item) => ({ value: item, range: node.range })));
      else unclear = { text: 'The arguments behind * could not be read', range: node.range };
    } else if (node.star === '**') {
      if (value.kind === 'dict')
        for (const [key, v] of value.entries) keywords.set(String(key), { value: v, range: node.value.range });
      else if (value.kind === 'namespace')
        for (const [key, v] of value.entries) keywords.set(key, { value: v, range: node.value.range });
      else unclear = { text: 'The arguments behind ** could not be read', range: node.range };
    } else positional.push(argument);
  }
  return { machine: m, scope, range, name, positional, keywords, unclear };
}

/** Arrays of the data program: no batches of rows, which are tensors of the graph. */
const holdsArrays = (value: Value): boolean =>
  value.kind === 'array' ||
  (value.kind === 'list' && value.items.some(holdsArrays)) ||
  (value.kind === 'dict' && [...value.entries.values()].some(holdsArrays));

/** `[train_step(batch) for batch in loader]`: run once, as a loop is. */
function onSymbols(
  m: Machine,
  scope: Scope,
  target: Expression,
  iteration: Iteration & { readonly kind: 'once' },
  node: Expression,
  body: () => void,
): void {
  if (!iteration.batches || m.replay) return;
  const loop = m.openLoop(node.range, iteration.count);
  loop.batches = true;
  assignTo(m, scope, target, iteration.item(loop));
  body();
  m.closeLoop(loop);
}

const comprehensionLimit = 4_000;

function comprehension(m: Machine, scope: Scope, node: Expression & { readonly kind: 'comprehension' }): Value {
  const inner = new Scope(scope, scope.path);
  const items: Value[] = [];
  const entries = new Map<string | number | boolean, Value>();
  let known = true;
  let whole: Value | null = null;
  const visit = (depth: number): void => {
    const clause = node.clauses[depth];
    if (items.length > comprehensionLimit) return;
    if (!clause) {
      const element = evaluate(m, inner, node.element);
      if (node.value === null) items.push(element);
      else if (element.kind === 'string' || element.kind === 'number' || element.kind === 'boolean')
        entries.set(element.value, evaluate(m, inner, node.value));
      else known = false;
      return;
    }
    const iterable = evaluate(m, inner, clause.iterable);
    whole = wholeComprehension(m, inner, node, iterable);
    if (whole) return;
    const iteration = iterationOf(m, iterable, clause.iterable.range);
    if (isMadeOfRows(m, node, iterable, iteration)) {
      whole = rowsOfComprehension(m, inner, node, iterable, iteration);
      if (whole) return;
    }
    if (iteration.kind !== 'items') {
      known = false;
      onSymbols(m, inner, clause.target, iteration, node, () => visit(depth + 1));
      return;
    }
    for (const item of iteration.items) {
      assignTo(m, inner, clause.target, item);
      const tests = clause.conditions.map((c) => truth(evaluate(m, inner, c)));
      if (tests.includes(null)) known = false;
      if (tests.every((t) => t === true)) visit(depth + 1);
    }
  };
  visit(0);
  if (whole) return whole;
  if (!known || items.length > comprehensionLimit) return unreadable('This comprehension could not be followed', node.range);
  return madeHere(m, node.value !== null ? { kind: 'dict', entries } : listValue(items, 'list', node.range));
}
