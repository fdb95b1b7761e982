import { roundHalfEven } from '../base/elementary';

/**
 * A size of a tensor: a number, or an expression over symbols that only the data decide
 * (columns of a table, number of classes). Loading binds the symbols.
 */
export type Size =
  number | { readonly symbol: string } | { readonly op: SizeOperator; readonly left: Size; readonly right: Size };

/** `round` to a multiple of the right one, halves to the even. */
type SizeOperator = '+' | '-' | '*' | '/' | '//' | 'min' | 'max' | 'round';

/** The number behind `size` once the data have bound its symbols; null while one is unknown. */
export function bindSize(size: Size, symbols: Readonly<Record<string, number>>): number | null {
  if (typeof size === 'number') return size;
  if ('symbol' in size) return symbols[size.symbol] ?? null;
  const left = bindSize(size.left, symbols);
  const right = bindSize(size.right, symbols);
  if (left === null || right === null) return null;
  switch (size.op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '//':
      return Math.floor(left / right);
    case '/':
      return left / right;
    case 'min':
      return Math.min(left, right);
    case 'max':
      return Math.max(left, right);
    case 'round':
      return right * roundHalfEven(left / right);
  }
}

/** `left op right`, folded when both are numbers. */
export function combineSizes(op: SizeOperator, left: Size, right: Size): Size {
  const folded = bindSize({ op, left, right }, {});
  return folded ?? { op, left, right };
}
