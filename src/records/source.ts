/**
 * A place in a source text. Lines and columns count from 1, columns in UTF-16 units, ends are
 * exclusive: the contract's own convention, so that nothing is converted but in the editor.
 * `path` is the file's path as it was given to the reader (absolute in the editor).
 */
export interface SourceRange {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A replacement of the text at a range. Several edits of one fix never overlap. */
export interface TextEdit extends SourceRange {
  readonly newText: string;
}

/**
 * A value together with where it was set.
 * `place` is the literal that decides it (a finding's squiggle); when the value is the library's
 * default it is the call's name. `chain` leads from that literal to the use: first the definition,
 * last the argument in the call; empty when the literal stands in the call itself.
 */
export interface Sourced<T> {
  readonly value: T;
  readonly place: SourceRange;
  readonly chain: readonly SourceRange[];
  /** True when the script does not say it and the library's default holds. */
  readonly isDefault: boolean;
  /** All values, first one in use, when the script sweeps over several. */
  readonly sweep?: readonly T[];
  /** The edit target when the definition serves several units: the argument in the call. */
  readonly callArgument?: SourceRange;
}

/** Something the code does not say that was taken for granted; shown, never hidden. */
export interface Assumption {
  readonly text: string;
  readonly range: SourceRange;
}

/** What the person can give, so that a part can be read or run after all. */
export type Missing =
  /** A value of the command line, by the name under which the script reads it. */
  | { readonly kind: 'value'; readonly name: string }
  /** Rows to train on. `path`: the file as the script names it, when it names one. */
  | { readonly kind: 'data'; readonly path?: string }
  /** Rows to train on, which come from where the reader does not follow: made-up ones can stand in for them. */
  | { readonly kind: 'rows' };

/** Why a part could not be read or run, at its place. */
export interface Reason {
  readonly text: string;
  readonly range: SourceRange;
  readonly missing?: Missing;
}
