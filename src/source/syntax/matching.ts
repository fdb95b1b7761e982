import type { Node } from 'web-tree-sitter';
import type { Expression, Statement } from './ast';
import { childrenOf, parts, type Conversion } from './cursor';
import { expression } from './expressions';

/**
 * A `match` statement as the chain of `if`s that it stands for. Patterns are values, names with dots,
 * alternatives and `_`; any other pattern is a condition that is not known.
 */
export function matching(c: Conversion, node: Node, block: (body: Node) => readonly Statement[]): Statement[] {
  const subject = node.childForFieldName('subject');
  const body = node.childForFieldName('body');
  if (!subject || !body) return [];
  const tested = expression(c, subject);
  return childrenOf(body, 'case_clause').reduceRight<Statement[]>((otherwise, clause) => {
    const consequence = clause.childForFieldName('consequence');
    const then = consequence ? block(consequence) : [];
    const pattern = childrenOf(clause, 'case_pattern')[0];
    const guard = clause.childForFieldName('guard');
    const range = c.range(clause);
    const test = pattern ? testOf(c, tested, pattern) : null;
    if (test === null && !guard) return [...then];
    const condition = guard ? (parts(guard)[1] ?? guard) : null;
    const both: Expression =
      test !== null && condition
        ? { kind: 'binary', range, operator: 'and', left: test, right: expression(c, condition) }
        : (test ?? expression(c, condition ?? clause));
    return [{ kind: 'if', range, test: both, then, otherwise }];
  }, []);
}

/** The condition that a pattern stands for; null when everything matches. */
function testOf(c: Conversion, subject: Expression, pattern: Node): Expression | null {
  const [inner] = parts(pattern);
  if (!inner || c.textOf(pattern).trim() === '_') return null;
  const values = inner.type === 'union_pattern' ? parts(inner).filter((p) => p.type !== '|') : [inner];
  const tests = values.map((value) => equals(c, subject, value));
  return tests.reduce((left, right) => ({ kind: 'binary', range: c.range(pattern), operator: 'or', left, right }));
}

function equals(c: Conversion, subject: Expression, value: Node): Expression {
  const range = c.range(value);
  const named = value.type === 'dotted_name' ? dotted(c, value) : null;
  // A bare name takes any value, and binds it.
  if (value.type === 'dotted_name' && named?.kind === 'name') return { kind: 'error', range };
  if (!named && !plain.has(value.type)) return { kind: 'error', range };
  return { kind: 'compare', range, operators: ['=='], operands: [subject, named ?? expression(c, value)] };
}

const plain = new Set(['string', 'integer', 'float', 'true', 'false', 'none', 'concatenated_string']);

function dotted(c: Conversion, node: Node): Expression | null {
  return childrenOf(node, 'identifier').reduce<Expression | null>((object, part): Expression => {
    const range = c.range(part);
    const name = c.textOf(part);
    return object === null
      ? { kind: 'name', range, name }
      : {
          kind: 'attribute',
          range: { ...object.range, endLine: range.endLine, endColumn: range.endColumn },
          nameRange: range,
          object,
          name,
        };
  }, null);
}
