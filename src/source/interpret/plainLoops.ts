import type { Expression, Statement } from '../syntax/ast';
import type { Value } from '../values/value';
import type { Scope } from '../values/scope';

/** Most expressions that the passes of such a loop may have in all. */
const mostWork = 30_000;

/** Python's own functions of numbers. */
const ofNumbers = new Set(['int', 'float', 'abs', 'round', 'min', 'max', 'pow', 'divmod']);
const modules = /^(math|numpy)$/;
const numpyOfNumbers = new Set('sin cos tan tanh exp log sqrt abs pi e floor ceil sign power arctan'.split(' '));

/**
 * True for a loop of so many passes that does nothing but compute numbers out of numbers and put them into lists: it may be gone
 * through pass by pass.
 */
export function computesNumbers(scope: Scope, node: Statement & { readonly kind: 'for' }, passes: number): boolean {
  const check = new PlainCheck(scope);
  if (!check.binds(node.target) || !check.block(node.body)) return false;
  return passes * check.size <= mostWork;
}

class PlainCheck {
  size = 0;
  private readonly own = new Set<string>();

  constructor(private readonly scope: Scope) {}

  /** Notes the names that are given a number. */
  binds(target: Expression): boolean {
    if (target.kind === 'tuple') return target.items.every((item) => this.binds(item));
    if (target.kind !== 'name') return false;
    this.own.add(target.name);
    return true;
  }

  block(body: readonly Statement[]): boolean {
    return body.every((s) => this.statement(s));
  }

  private statement(s: Statement): boolean {
    switch (s.kind) {
      case 'assign':
        return s.value !== null && this.plain(s.value) && s.targets.every((target) => this.binds(target));
      case 'augmented':
        return s.target.kind === 'name' && this.plain(s.value) && this.plain(s.target);
      case 'if':
        return this.plain(s.test) && this.block(s.then) && this.block(s.otherwise);
      case 'expression':
        return this.appends(s.value);
      case 'pass':
      case 'continue':
        return true;
      default:
        return false;
    }
  }

  /** `numbers.append(...)`. */
  private appends(e: Expression): boolean {
    if (e.kind !== 'call' || e.callee.kind !== 'attribute' || e.callee.name !== 'append') return false;
    const { object } = e.callee;
    const holder = object.kind === 'name' ? this.scope.get(object.name) : null;
    return holder?.kind === 'list' && this.arguments(e);
  }

  private arguments(e: Expression & { readonly kind: 'call' }): boolean {
    return e.arguments.every((a) => a.star === '' && a.keyword === null && this.plain(a.value));
  }

  private plain(e: Expression): boolean {
    this.size++;
    switch (e.kind) {
      case 'number':
      case 'constant':
      case 'string':
        return true;
      case 'name':
        return this.own.has(e.name) || isNumbers(this.scope.get(e.name));
      case 'list':
      case 'tuple':
        return e.items.every((item) => this.plain(item));
      case 'unary':
        return this.plain(e.operand);
      case 'binary':
        return this.plain(e.left) && this.plain(e.right);
      case 'compare':
        return e.operands.every((operand) => this.plain(operand));
      case 'conditional':
        return this.plain(e.test) && this.plain(e.then) && this.plain(e.otherwise);
      case 'subscript':
        return this.isPart(e) || (e.object.kind === 'name' && this.plain(e.object) && this.plain(e.index));
      case 'attribute':
        return this.ofModule(e);
      case 'call':
        return this.isFunction(e.callee) && this.arguments(e);
      default:
        return false;
    }
  }

  /** `numbers[i:i + 8]` of a list of any length. */
  private isPart({ object, index }: Expression & { readonly kind: 'subscript' }): boolean {
    const list = object.kind === 'name' && !this.own.has(object.name) ? this.scope.get(object.name) : null;
    if (list?.kind !== 'list' || list.open || list.each !== undefined || !list.items.every(isNumbers)) return false;
    return index.kind === 'slice'
      ? [index.start, index.stop, index.step].every((bound) => bound === null || this.plain(bound))
      : this.plain(index);
  }

  private isFunction(callee: Expression): boolean {
    if (callee.kind === 'name') return ofNumbers.has(callee.name) && this.scope.get(callee.name) === null;
    return callee.kind === 'attribute' && this.ofModule(callee);
  }

  /** `math.sin`, `np.pi`. */
  private ofModule(e: Expression & { readonly kind: 'attribute' }): boolean {
    const base = e.object.kind === 'name' ? this.scope.get(e.object.name) : null;
    if (base?.kind !== 'external' || !modules.test(base.path)) return false;
    return base.path === 'math' || numpyOfNumbers.has(e.name);
  }
}

/** A plain number, or a short list of them. */
function isNumbers(value: Value | null): boolean {
  if (value === null) return false;
  if (value.kind === 'list') return !value.open && value.items.length <= 64 && value.items.every(isNumbers);
  return value.kind === 'number' || value.kind === 'boolean' || value.kind === 'string';
}
