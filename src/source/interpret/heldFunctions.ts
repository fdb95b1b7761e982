import type { Expression, Statement } from '../syntax/ast';
import type { Scope } from '../values/scope';
import { none, type Value } from '../values/value';
import { findMember } from './classes';
import type { Machine } from './machine';

type Body = readonly Statement[];

const held = new WeakMap<Machine, Map<string, Set<Body>>>();
const ofLambdas = new WeakMap<Expression, Body>();

/** What is run when a value is called: the body of a function of the script, or of an object's `__call__`; null for others. */
export function calledBody(value: Value): Body | null {
  if (value.kind === 'instance') {
    const own = findMember(value.type, '__call__');
    return own?.kind === 'function' ? calledBody(own) : null;
  }
  // What `functools.partial` keeps.
  if (value.kind === 'namespace') return calledBody(value.entries.get('__callee') ?? none);
  if (value.kind !== 'function') return null;
  if (value.node !== null) return value.node.body;
  const expression = value.body as Expression;
  const known = ofLambdas.get(expression);
  if (known) return known;
  const body: Body = [{ kind: 'expression', value: expression, range: expression.range }];
  ofLambdas.set(expression, body);
  return body;
}

/** Remembers that `name`, an attribute, parameter or variable, stands for something that can be called. */
export function noteHeld(m: Machine, name: string, value: Value): void {
  if (value.kind !== 'function' && value.kind !== 'instance' && value.kind !== 'namespace') return;
  if (value.kind === 'function' && value.name === name) return;
  const body = calledBody(value);
  if (!body) return;
  const names = held.get(m) ?? new Map<string, Set<Body>>();
  held.set(m, names);
  names.set(name, (names.get(name) ?? new Set<Body>()).add(body));
}

/** Bodies of what a name of the script's own has stood for, where that is defined under another name. */
export const heldUnder = (m: Machine, name: string): Iterable<Body> => held.get(m)?.get(name) ?? [];

/** Bodies of the functions in a list or dictionary that an expression names: `self.hooks`, `STEPS[kind]`. */
export function bodiesIn(scope: Scope, expression: Expression): readonly Body[] {
  const value = plainValue(scope, expression);
  const items = value?.kind === 'list' ? value.items : value?.kind === 'dict' ? [...value.entries.values()] : [];
  const functions = items.flatMap((item) => (item.kind === 'list' ? item.items : [item]));
  return functions.flatMap((item) => {
    const body = item.kind === 'function' ? calledBody(item) : null;
    return body ? [body] : [];
  });
}

/** What a name, or a field of a named object, stands for; nothing is run. */
function plainValue(scope: Scope, expression: Expression): Value | null {
  if (expression.kind === 'name') return scope.get(expression.name);
  if (expression.kind === 'subscript') return plainValue(scope, expression.object);
  if (expression.kind !== 'attribute') return null;
  const object = plainValue(scope, expression.object);
  return object?.kind === 'instance' ? (object.fields.get(expression.name) ?? null) : null;
}
