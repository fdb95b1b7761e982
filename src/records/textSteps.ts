import type { Size } from '../graph/size';

/** How texts become numbers of words, as Keras's Tokenizer makes them. */
export interface WordNumbering {
  /** Words with this number and above are left out (`num_words`); null for none. */
  readonly limit: number | null;
  readonly lower: boolean;
  /** Characters that separate words beside `split`. */
  readonly filters: string;
  readonly split: string;
  /** Words that are not known, or left out, get number 1. */
  readonly marksUnknown: boolean;
  /** Each character is a word. */
  readonly characters: boolean;
  /** Words are numbered 1 to this - 1 by a hash, and not by how often they come; null for counted words. */
  readonly hashed: number | null;
  /** As Keras's TextVectorization: `filters` fall out of words, white space separates them, ties are broken backward. */
  readonly vectorized?: true;
}

/** Rows of one length: zeros, or `value`, before or behind those that are shorter; of longer ones the beginning or the end is cut. */
export interface Padding {
  /** Null: that of the longest row. */
  readonly length: number | null;
  readonly value: number;
  readonly before: boolean;
  readonly cutBefore: boolean;
}

/**
 * What is left of a text: the first group of a pattern, all with other text where a pattern matches, a piece between separators (null:
 * blanks), or some characters.
 */
export type TextPart =
  | { readonly part: 'match'; readonly pattern: string }
  | { readonly part: 'substituted'; readonly pattern: string; readonly by: string }
  | { readonly part: 'piece'; readonly separator: string | null; readonly at: number }
  | { readonly part: 'characters'; readonly start: number | null; readonly end: number | null };

/** Data steps of texts. Inputs of `wordNumbers` and `wordMatrix`: texts whose words are counted, texts to number. */
export interface TextSteps {
  /** Texts that the script writes out: a column. */
  readonly literalText: { readonly values: readonly string[] };
  /** Rows of word numbers, the most frequent word first. */
  readonly wordNumbers: WordNumbering & Padding;
  /** Which words a text has: [texts, words], as 0 and 1 or as counts. */
  readonly wordMatrix: WordNumbering & { readonly counts: boolean };
  /** scikit-learn's CountVectorizer, and TfidfVectorizer where `weigh` is given. Inputs: texts to fit on, texts. [texts, terms]. */
  readonly textMatrix: {
    readonly lower: boolean;
    readonly stop: 'english' | readonly string[];
    /** Least and most words of a term. */
    readonly grams: readonly [number, number];
    readonly binary: boolean;
    /** Most terms, the most frequent ones; null is all. */
    readonly limit: number | null;
    /** Terms that are in fewer or more texts (or a greater share of them) are left out. */
    readonly least: { readonly bound: number; readonly isShare: boolean };
    readonly most: { readonly bound: number; readonly isShare: boolean };
    readonly weigh: {
      readonly useIdf: boolean;
      readonly smooth: boolean;
      readonly sublinear: boolean;
      readonly norm: 'l1' | 'l2' | null;
    } | null;
  };
  /** 0 … n-1 for n different words. */
  readonly vocabulary: WordNumbering;
  /**
   * Categories by their place in a vocabulary: behind `unknowns` places (0 or 1) for all others, and behind one for empty ones
   * where `masks`; or as one column for each. Inputs: a column to count where no vocabulary is given, the most frequent first
   * and at most `limit` places; a column.
   */
  readonly vocabularyIndex: {
    readonly vocabulary: readonly (string | number)[] | null;
    readonly unknowns: number;
    readonly masks: boolean;
    readonly limit: number | null;
    readonly form: 'integer' | 'columns';
  };
  /** Rows of numbers at another length. */
  readonly padSequences: Padding;
  /** 1 in the columns that a row's numbers name: [rows, classes]. */
  readonly multiHot: { readonly classes: Size };
  /** A part of each text; missing where the text has none. */
  readonly textPart: TextPart;
  /** The number of characters of each text. */
  readonly textLength: Record<never, never>;
  /** As true (1) where a text holds, begins with or ends with `text`. */
  readonly textTest: { readonly test: 'contains' | 'startswith' | 'endswith'; readonly text: string };
}
