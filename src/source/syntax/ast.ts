import type { SourceRange } from '../../records/source';

interface Node {
  readonly range: SourceRange;
}

/** An argument of a call: positional, `name=`, `*list` or `**dict`. */
export interface ArgumentNode extends Node {
  readonly value: Expression;
  readonly keyword: string | null;
  readonly star: '' | '*' | '**';
}

export interface Parameter extends Node {
  readonly name: string;
  readonly default: Expression | null;
  /** `*`: the rest of the positional arguments; `**`: the rest of the keywords; `only`: after a star. */
  readonly star: '' | '*' | '**' | 'only';
}

export interface ComprehensionClause {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}

/** Python expressions, as much of them as training scripts use; anything else is `error`. */
export type Expression = Node &
  (
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'number'; readonly value: number; readonly integer: boolean }
    | {
        readonly kind: 'string';
        readonly value: string;
        /** The expressions inside of an f-string. */ readonly inside: readonly Expression[];
      }
    | { readonly kind: 'constant'; readonly value: boolean | null }
    | { readonly kind: 'list' | 'tuple' | 'set'; readonly items: readonly Expression[] }
    | { readonly kind: 'dict'; readonly entries: readonly { readonly key: Expression | null; readonly value: Expression }[] }
    | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string; readonly nameRange: SourceRange }
    | { readonly kind: 'subscript'; readonly object: Expression; readonly index: Expression }
    | {
        readonly kind: 'slice';
        readonly start: Expression | null;
        readonly stop: Expression | null;
        readonly step: Expression | null;
      }
    | { readonly kind: 'call'; readonly callee: Expression; readonly arguments: readonly ArgumentNode[] }
    | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'compare'; readonly operators: readonly string[]; readonly operands: readonly Expression[] }
    | { readonly kind: 'conditional'; readonly test: Expression; readonly then: Expression; readonly otherwise: Expression }
    | { readonly kind: 'lambda'; readonly parameters: readonly Parameter[]; readonly body: Expression }
    | {
        readonly kind: 'comprehension';
        readonly element: Expression;
        readonly value: Expression | null;
        readonly clauses: readonly ComprehensionClause[];
      }
    | { readonly kind: 'walrus'; readonly target: Expression; readonly value: Expression }
    | { readonly kind: 'yield'; readonly value: Expression | null }
    | { readonly kind: 'starred'; readonly value: Expression }
    | { readonly kind: 'error' }
  );

export interface FunctionNode extends Node {
  readonly kind: 'function';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
}

export interface ClassNode extends Node {
  readonly kind: 'class';
  readonly name: string;
  readonly bases: readonly ArgumentNode[];
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
}

export interface ImportedName {
  readonly name: string;
  readonly alias: string | null;
}

/** Python statements. `try` keeps its parts; unknown statements are left out of a body. */
export type Statement = Node &
  (
    | { readonly kind: 'expression'; readonly value: Expression }
    | { readonly kind: 'assign'; readonly targets: readonly Expression[]; readonly value: Expression | null }
    | { readonly kind: 'augmented'; readonly target: Expression; readonly operator: string; readonly value: Expression }
    | {
        readonly kind: 'if';
        readonly test: Expression;
        readonly then: readonly Statement[];
        readonly otherwise: readonly Statement[];
      }
    | {
        readonly kind: 'for';
        readonly target: Expression;
        readonly iterable: Expression;
        readonly body: readonly Statement[];
        readonly otherwise: readonly Statement[];
      }
    | { readonly kind: 'while'; readonly test: Expression; readonly body: readonly Statement[] }
    | {
        readonly kind: 'with';
        readonly items: readonly { readonly value: Expression; readonly target: Expression | null }[];
        readonly body: readonly Statement[];
      }
    | {
        readonly kind: 'try';
        readonly body: readonly Statement[];
        readonly handlers: readonly (readonly Statement[])[];
        readonly otherwise: readonly Statement[];
        readonly finally: readonly Statement[];
      }
    | FunctionNode
    | ClassNode
    | { readonly kind: 'return'; readonly value: Expression | null }
    | { readonly kind: 'import'; readonly names: readonly ImportedName[] }
    | {
        readonly kind: 'importFrom';
        readonly level: number;
        readonly module: string;
        readonly names: readonly ImportedName[];
        readonly all: boolean;
      }
    | { readonly kind: 'break' | 'continue' | 'raise' | 'pass' }
    | { readonly kind: 'global'; readonly names: readonly string[] }
    | { readonly kind: 'delete'; readonly targets: readonly Expression[] }
  );

/** One parsed file. */
export interface Script {
  readonly path: string;
  readonly body: readonly Statement[];
  /** Places that are not Python. */
  readonly errors: readonly SourceRange[];
}
