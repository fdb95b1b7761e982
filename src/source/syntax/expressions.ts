import type { Node } from 'web-tree-sitter';
import type { ArgumentNode, ComprehensionClause, Expression, Parameter } from './ast';
import { childrenOf, parts, type Conversion } from './cursor';
import { numberOf, stringOf } from './literals';

/** The expression at `node`; what is not understood is an `error` at its place. */
export function expression(c: Conversion, node: Node | undefined | null, fallback?: Node): Expression {
  if (!node) return { kind: 'error', range: c.range((fallback ?? node) as Node) };
  return c.nested(() => convert(c, node)) ?? { kind: 'error', range: c.range(node) };
}

function convert(c: Conversion, node: Node): Expression {
  const range = c.range(node);
  const maker = makers[node.type];
  return maker ? maker(c, node, range) : { kind: 'error', range };
}

type Range = Expression['range'];
type Maker = (c: Conversion, node: Node, range: Range) => Expression;

const sequence =
  (kind: 'list' | 'tuple' | 'set'): Maker =>
  (c, node, range) => ({ kind, range, items: parts(node).map((item) => expression(c, item)) });

const binary: Maker = (c, node, range) => {
  const [left, operator, right] = parts(node);
  if (!left || !operator || !right) return { kind: 'error', range };
  return { kind: 'binary', range, operator: operator.type, left: expression(c, left), right: expression(c, right) };
};

const comprehension: Maker = (c, node, range) => {
  const inner = parts(node);
  const head = inner[0];
  if (!head) return { kind: 'error', range };
  const pair = head.type === 'pair' ? parts(head) : null;
  const clauses: ComprehensionClause[] = [];
  for (const clause of inner.slice(1)) {
    const own = parts(clause).filter((part) => part.type !== 'for' && part.type !== 'in' && part.type !== 'if');
    const last = clauses[clauses.length - 1];
    if (clause.type === 'for_in_clause' && own[0] && own[1])
      clauses.push({ target: expression(c, own[0]), iterable: expression(c, own[1]), conditions: [] });
    else if (clause.type === 'if_clause' && own[0] && last)
      clauses[clauses.length - 1] = { ...last, conditions: [...last.conditions, expression(c, own[0])] };
  }
  return {
    kind: 'comprehension',
    range,
    element: expression(c, pair?.[0] ?? head),
    value: pair?.[1] ? expression(c, pair[1]) : null,
    clauses,
  };
};

const slice: Maker = (c, node, range) => {
  const ends: (Expression | null)[] = [null, null, null];
  let position = 0;
  for (const child of node.children) {
    if (child.type === ':') position++;
    else if (position < 3 && child.type !== 'comment') ends[position] = expression(c, child);
  }
  return { kind: 'slice', range, start: ends[0] ?? null, stop: ends[1] ?? null, step: ends[2] ?? null };
};

const subscript: Maker = (c, node, range) => {
  const [object, ...indices] = parts(node);
  const first = indices[0];
  if (!object || !first) return { kind: 'error', range };
  const several = indices.length > 1 || node.children.some((child) => child.type === ',');
  const index: Expression = several
    ? { kind: 'tuple', range: c.span(first, indices[indices.length - 1] as Node), items: indices.map((i) => expression(c, i)) }
    : expression(c, first);
  return { kind: 'subscript', range, object: expression(c, object), index };
};

const call: Maker = (c, node, range) => {
  const [callee, list] = parts(node);
  if (!callee || !list) return { kind: 'error', range };
  return { kind: 'call', range, callee: expression(c, callee), arguments: callArguments(c, list) };
};

/** The arguments in an argument list (or of a bare generator). */
export function callArguments(c: Conversion, list: Node): ArgumentNode[] {
  if (list.type === 'generator_expression') {
    const value = expression(c, list);
    return [{ value, keyword: null, star: '', range: value.range }];
  }
  return parts(list)
    .filter((child) => child.type !== 'ERROR')
    .map((child): ArgumentNode => {
      const inner = parts(child);
      const range = c.range(child);
      if (child.type === 'keyword_argument' && inner[0] && inner[2])
        return { value: expression(c, inner[2]), keyword: c.textOf(inner[0]), star: '', range };
      if (child.type === 'list_splat' && inner[1]) return { value: expression(c, inner[1]), keyword: null, star: '*', range };
      if (child.type === 'dictionary_splat' && inner[1])
        return { value: expression(c, inner[1]), keyword: null, star: '**', range };
      return { value: expression(c, child), keyword: null, star: '', range };
    });
}

const dictionary: Maker = (c, node, range) => ({
  kind: 'dict',
  range,
  entries: parts(node).flatMap((child): { key: Expression | null; value: Expression }[] => {
    const inner = parts(child);
    if (child.type === 'dictionary_splat' && inner[1]) return [{ key: null, value: expression(c, inner[1]) }];
    return inner[0] && inner[1] ? [{ key: expression(c, inner[0]), value: expression(c, inner[1]) }] : [];
  }),
});

const comparison: Maker = (c, node, range) => {
  const inner = parts(node);
  return {
    kind: 'compare',
    range,
    operators: inner.filter((_, i) => i % 2 === 1).map((operator) => operator.type),
    operands: inner.filter((_, i) => i % 2 === 0).map((operand) => expression(c, operand)),
  };
};

const lambda: Maker = (c, node, range) => {
  const list = childrenOf(node, 'lambda_parameters')[0];
  const inner = parts(node);
  return {
    kind: 'lambda',
    range,
    parameters: list ? parameters(c, list) : [],
    body: expression(c, inner[inner.length - 1], node),
  };
};

const unary: Maker = (c, node, range) => {
  const [operator, operand] = parts(node);
  if (!operator || !operand) return { kind: 'error', range };
  return { kind: 'unary', range, operator: operator.type, operand: expression(c, operand) };
};

const through: Maker = (c, node, range) => {
  const inner = parts(node).filter((part) => part.type !== 'await');
  return inner[0] ? expression(c, inner[0]) : { kind: 'tuple', range, items: [] };
};

const makers: Readonly<Record<string, Maker>> = {
  identifier: (c, node, range) => ({ kind: 'name', range, name: c.textOf(node) }),
  integer: (c, node, range) => ({ kind: 'number', range, value: numberOf(c.textOf(node)), integer: true }),
  float: (c, node, range) => ({ kind: 'number', range, value: numberOf(c.textOf(node)), integer: false }),
  string: (c, node, range) => ({ kind: 'string', range, value: stringOf(c.textOf(node)), inside: interpolations(c, node) }),
  concatenated_string: (c, node, range) => {
    const pieces = parts(node);
    const value = pieces.map((piece) => stringOf(c.textOf(piece))).join('');
    return { kind: 'string', range, value, inside: pieces.flatMap((piece) => interpolations(c, piece)) };
  },
  true: (_c, _node, range) => ({ kind: 'constant', range, value: true }),
  false: (_c, _node, range) => ({ kind: 'constant', range, value: false }),
  none: (_c, _node, range) => ({ kind: 'constant', range, value: null }),
  ellipsis: (_c, _node, range) => ({ kind: 'name', range, name: 'Ellipsis' }),
  list: sequence('list'),
  list_pattern: sequence('list'),
  tuple: sequence('tuple'),
  tuple_pattern: sequence('tuple'),
  pattern_list: sequence('tuple'),
  expression_list: sequence('tuple'),
  set: sequence('set'),
  dictionary,
  attribute: (c, node, range) => {
    const inner = parts(node);
    const name = inner[inner.length - 1];
    if (!inner[0] || !name || name.type !== 'identifier') return { kind: 'error', range };
    return { kind: 'attribute', range, object: expression(c, inner[0]), name: c.textOf(name), nameRange: c.range(name) };
  },
  subscript,
  slice,
  call,
  binary_operator: binary,
  boolean_operator: binary,
  comparison_operator: comparison,
  unary_operator: unary,
  not_operator: unary,
  conditional_expression: (c, node, range) => {
    const [then, , test, , otherwise] = parts(node);
    if (!then || !test || !otherwise) return { kind: 'error', range };
    return {
      kind: 'conditional',
      range,
      then: expression(c, then),
      test: expression(c, test),
      otherwise: expression(c, otherwise),
    };
  },
  lambda,
  list_comprehension: comprehension,
  set_comprehension: comprehension,
  dictionary_comprehension: comprehension,
  generator_expression: comprehension,
  named_expression: (c, node, range) => {
    const inner = parts(node);
    if (!inner[0] || !inner[2]) return { kind: 'error', range };
    return { kind: 'walrus', range, target: expression(c, inner[0]), value: expression(c, inner[2]) };
  },
  list_splat: (c, node, range) => ({ kind: 'starred', range, value: expression(c, parts(node)[1], node) }),
  list_splat_pattern: (c, node, range) => ({ kind: 'starred', range, value: expression(c, parts(node)[1], node) }),
  yield: (c, node, range) => {
    const inner = parts(node).filter((part) => part.type !== 'yield' && part.type !== 'from');
    return { kind: 'yield', range, value: inner[0] ? expression(c, inner[0]) : null };
  },
  parenthesized_expression: through,
  await: through,
  as_pattern_target: through,
  type: through,
};

function interpolations(c: Conversion, node: Node): Expression[] {
  return childrenOf(node, 'interpolation').flatMap((part) => {
    const inner = parts(part)[0];
    return inner ? [expression(c, inner)] : [];
  });
}

/** The parameters of a function or lambda. */
export function parameters(c: Conversion, list: Node): Parameter[] {
  const result: Parameter[] = [];
  let only = false;
  for (const child of parts(list)) {
    const inner = parts(child);
    const range = c.range(child);
    const named = (name: Node | undefined, value: Node | undefined): void => {
      if (!name) return;
      const parameterRange = c.range(name);
      result.push({
        name: c.textOf(name),
        default: value ? expression(c, value) : null,
        star: only ? 'only' : '',
        range: parameterRange,
      });
    };
    if (child.type === 'identifier') named(child, undefined);
    else if (child.type === 'default_parameter') named(inner[0], inner[2]);
    else if (child.type === 'typed_default_parameter') named(inner[0], inner[inner.length - 1]);
    else if (child.type === 'keyword_separator' || child.type === '*') only = true;
    else {
      const splat = child.type === 'typed_parameter' ? inner[0] : child;
      if (!splat) continue;
      const star = splat.type === 'list_splat_pattern' ? '*' : splat.type === 'dictionary_splat_pattern' ? '**' : null;
      if (star === null) {
        if (splat.type === 'identifier') named(splat, undefined);
        continue;
      }
      const name = parts(splat)[1];
      if (name) result.push({ name: c.textOf(name), default: null, star, range });
      if (star === '*') only = true;
    }
  }
  return result;
}
