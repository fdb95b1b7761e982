import type { Node } from 'web-tree-sitter';
import type { SourceRange } from '../../records/source';

/** Deepest nesting that is converted; what lies deeper becomes an `error`. */
const deepest = 150;

/** What the conversion of one file shares: its path, the errors met so far, and the depth. */
export class Conversion {
  readonly errors: SourceRange[] = [];
  private depth = 0;

  constructor(
    readonly path: string,
    readonly text: string,
  ) {}

  range(node: Node): SourceRange {
    return this.span(node, node);
  }

  /** From the start of `first` to the end of `last`. */
  span(first: Node, last: Node): SourceRange {
    const start = first.startPosition;
    const end = last.endPosition;
    return { path: this.path, line: start.row + 1, column: start.column + 1, endLine: end.row + 1, endColumn: end.column + 1 };
  }

  textOf(node: Node): string {
    return this.text.slice(node.startIndex, node.endIndex);
  }

  /** Runs `convert` one level deeper; null when the nesting is too deep to follow. */
  nested<T>(convert: () => T): T | null {
    if (this.depth >= deepest) return null;
    this.depth++;
    const result = convert();
    this.depth--;
    return result;
  }
}

const punctuation = new Set(['(', ')', '[', ']', '{', '}', ',', ':', 'comment', 'line_continuation', 'async', ';']);

/** Children that mean something: no brackets, commas, comments. */
export const parts = (node: Node): Node[] => node.children.filter((child) => !punctuation.has(child.type));

/** The children of type `type`. */
export const childrenOf = (node: Node, type: string): Node[] => node.children.filter((child) => child.type === type);
