import type { Node } from 'web-tree-sitter';
import type { ArgumentNode, ClassNode, Expression, FunctionNode, ImportedName, Statement } from './ast';
import { childrenOf, parts, type Conversion } from './cursor';
import { callArguments, expression, parameters } from './expressions';
import { matching } from './matching';

/** The statements of a module or block, in order; what is not Python is noted in `c.errors` and left out. */
export function statements(c: Conversion, nodes: readonly Node[]): Statement[] {
  const result: Statement[] = [];
  for (const child of nodes) c.nested(() => result.push(...statement(c, child)));
  return result;
}

function statement(c: Conversion, node: Node): Statement[] {
  const range = c.range(node);
  if (node.type === 'ERROR') {
    c.errors.push(range);
    return node.children.flatMap((child) => (child.type === 'ERROR' ? [] : statement(c, child)));
  }
  if (node.isMissing) c.errors.push(range);
  switch (node.type) {
    case 'expression_statement':
      return expressionStatement(c, node);
    case 'return_statement': {
      const value = parts(node)[1];
      return [{ kind: 'return', range, value: value ? expression(c, value) : null }];
    }
    case 'if_statement':
    case 'elif_clause':
      return [conditional(c, node)];
    case 'for_statement':
      return forLoop(c, node);
    case 'while_statement': {
      const [, test] = parts(node);
      return test ? [{ kind: 'while', range, test: expression(c, test), body: blockOf(c, node) }] : [];
    }
    case 'match_statement':
      return matching(c, node, (body) => statements(c, body.children));
    case 'with_statement':
      return [withBlock(c, node)];
    case 'try_statement':
      return [tryBlock(c, node)];
    case 'function_definition':
      return functionDefinition(c, node, []);
    case 'class_definition':
      return classDefinition(c, node, []);
    case 'decorated_definition': {
      const decorators = childrenOf(node, 'decorator').map((d) => expression(c, parts(d)[1], d));
      const definition = node.children[node.children.length - 1];
      if (definition?.type === 'function_definition') return functionDefinition(c, definition, decorators);
      return definition?.type === 'class_definition' ? classDefinition(c, definition, decorators) : [];
    }
    case 'import_statement':
      return [{ kind: 'import', range, names: importedNames(c, parts(node).slice(1)) }];
    case 'import_from_statement':
      return [importFrom(c, node)];
    case 'break_statement':
      return [{ kind: 'break', range }];
    case 'continue_statement':
      return [{ kind: 'continue', range }];
    case 'raise_statement':
      return [{ kind: 'raise', range }];
    case 'global_statement':
    case 'nonlocal_statement':
      return [{ kind: 'global', range, names: childrenOf(node, 'identifier').map((name) => c.textOf(name)) }];
    case 'delete_statement': {
      const given = parts(node).slice(1);
      const targets = given.flatMap((target) => (target.type === 'expression_list' ? parts(target) : [target]));
      return [{ kind: 'delete', range, targets: targets.filter((t) => t.type !== ',').map((t) => expression(c, t)) }];
    }
    case 'pass_statement':
      return [{ kind: 'pass', range }];
    default:
      return [];
  }
}

const blockOf = (c: Conversion, node: Node): Statement[] => statements(c, childrenOf(node, 'block')[0]?.children ?? []);

function elseOf(c: Conversion, node: Node): Statement[] {
  const clause = childrenOf(node, 'else_clause')[0];
  return clause ? blockOf(c, clause) : [];
}

function expressionStatement(c: Conversion, node: Node): Statement[] {
  const inner = parts(node);
  const first = inner[0];
  if (!first) return [];
  if (inner.length > 1 || node.children.some((child) => child.type === ',')) {
    const items = inner.map((item) => expression(c, item));
    return [{ kind: 'expression', range: c.range(node), value: { kind: 'tuple', range: c.range(node), items } }];
  }
  if (first.type === 'assignment') return assignment(c, first);
  if (first.type === 'augmented_assignment') {
    const [target, operator, value] = parts(first);
    if (!target || !operator || !value) return [];
    return [
      {
        kind: 'augmented',
        range: c.range(first),
        target: expression(c, target),
        operator: operator.type.slice(0, -1),
        value: expression(c, value),
      },
    ];
  }
  return [{ kind: 'expression', range: c.range(first), value: expression(c, first) }];
}

/** `a = b = value`. A right side that only begins on the next line belongs to that line: the person is still typing. */
function assignment(c: Conversion, node: Node): Statement[] {
  const targets: Expression[] = [];
  let current = node;
  for (;;) {
    const inner = parts(current).filter((part) => part.type !== 'type');
    const target = inner[0];
    if (!target) return [];
    targets.push(expression(c, target));
    const value = inner[1]?.type === '=' ? inner[2] : undefined;
    if (!value) return [{ kind: 'assign', range: c.range(node), targets, value: null }];
    if (value.type !== 'assignment' && value.type !== 'augmented_assignment')
      return [{ kind: 'assign', range: c.range(node), targets, value: expression(c, value) }];
    if (value.startPosition.row > target.endPosition.row) {
      c.errors.push(c.span(target, inner[1] as Node));
      const broken: Statement = {
        kind: 'assign',
        range: c.range(target),
        targets,
        value: { kind: 'error', range: c.range(target) },
      };
      return value.type === 'assignment' ? [broken, ...assignment(c, value)] : [broken];
    }
    current = value;
  }
}

function conditional(c: Conversion, node: Node): Statement {
  const test = parts(node)[1];
  const clauses = node.children.filter((child) => child.type === 'elif_clause' || child.type === 'else_clause');
  let otherwise: Statement[] = [];
  for (const clause of clauses.reverse()) {
    if (clause.type === 'else_clause') otherwise = blockOf(c, clause);
    else {
      const condition = parts(clause)[1];
      otherwise = [
        { kind: 'if', range: c.range(clause), test: expression(c, condition, clause), then: blockOf(c, clause), otherwise },
      ];
    }
  }
  return { kind: 'if', range: c.range(node), test: expression(c, test, node), then: blockOf(c, node), otherwise };
}

function forLoop(c: Conversion, node: Node): Statement[] {
  const inner = parts(node);
  const target = inner[1];
  const iterable = inner[inner.findIndex((part) => part.type === 'in') + 1];
  if (!target || !iterable) return [];
  return [
    {
      kind: 'for',
      range: c.range(node),
      target: expression(c, target),
      iterable: expression(c, iterable),
      body: blockOf(c, node),
      otherwise: elseOf(c, node),
    },
  ];
}

function withBlock(c: Conversion, node: Node): Statement {
  const clause = childrenOf(node, 'with_clause')[0];
  const items = (clause ? childrenOf(clause, 'with_item') : []).map((item) => {
    const inner = parts(item)[0];
    if (inner?.type !== 'as_pattern') return { value: expression(c, inner, item), target: null };
    const [value, , target] = parts(inner);
    return { value: expression(c, value, item), target: target ? expression(c, target) : null };
  });
  return { kind: 'with', range: c.range(node), items, body: blockOf(c, node) };
}

function tryBlock(c: Conversion, node: Node): Statement {
  const last = childrenOf(node, 'finally_clause')[0];
  return {
    kind: 'try',
    range: c.range(node),
    body: blockOf(c, node),
    handlers: childrenOf(node, 'except_clause').map((clause) => blockOf(c, clause)),
    otherwise: elseOf(c, node),
    finally: last ? blockOf(c, last) : [],
  };
}

function functionDefinition(c: Conversion, node: Node, decorators: readonly Expression[]): (FunctionNode & Statement)[] {
  const name = childrenOf(node, 'identifier')[0];
  const list = childrenOf(node, 'parameters')[0];
  if (!name) return [];
  return [
    {
      kind: 'function',
      range: c.range(name),
      name: c.textOf(name),
      parameters: list ? parameters(c, list) : [],
      body: blockOf(c, node),
      decorators,
    },
  ];
}

function classDefinition(c: Conversion, node: Node, decorators: readonly Expression[]): (ClassNode & Statement)[] {
  const name = childrenOf(node, 'identifier')[0];
  const list = childrenOf(node, 'argument_list')[0];
  if (!name) return [];
  const bases: ArgumentNode[] = list ? callArguments(c, list) : [];
  return [{ kind: 'class', range: c.range(name), name: c.textOf(name), bases, body: blockOf(c, node), decorators }];
}

function importedNames(c: Conversion, nodes: readonly Node[]): ImportedName[] {
  return nodes.flatMap((node): ImportedName[] => {
    if (node.type === 'dotted_name') return [{ name: c.textOf(node), alias: null }];
    const [name, , alias] = parts(node);
    return node.type === 'aliased_import' && name && alias ? [{ name: c.textOf(name), alias: c.textOf(alias) }] : [];
  });
}

function importFrom(c: Conversion, node: Node): Statement {
  const inner = parts(node);
  const at = inner.findIndex((part) => part.type === 'import');
  const module = inner[1];
  const text = module && at > 1 ? c.textOf(module) : '';
  const level = /^[.\s]*/.exec(text)?.[0].replace(/\s/g, '').length ?? 0;
  return {
    kind: 'importFrom',
    range: c.range(node),
    level,
    module: text.replace(/^[.\s]*/, ''),
    names: importedNames(c, inner.slice(at + 1)),
    all: inner.some((part) => part.type === 'wildcard_import'),
  };
}
