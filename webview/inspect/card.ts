import type { InspectionCost } from '../../src/records/inspection/cost';
import { describeCost, type Fact } from './words';

/** A part of a card of words. */
export type CardBlock =
  | { readonly kind: 'sentences'; readonly lines: readonly string[]; readonly look?: 'missed' }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string; readonly look: 'copies' | 'missed' | 'card-cost' };

/** A card of words, in reading order: the panel and the report make their own elements of it. */
export interface TextCard {
  /** Classes by which it is styled and found. */
  readonly kind: string;
  readonly title: string;
  readonly blocks: readonly CardBlock[];
}

/** Sentences, one below the other. */
export const sentences = (lines: readonly string[], look?: 'missed'): CardBlock => ({
  kind: 'sentences',
  lines,
  ...(look ? { look } : {}),
});

/** Names, values and what stands behind them. */
export const facts = (list: readonly Fact[]): CardBlock => ({ kind: 'facts', facts: list });

/** What the numbers of a card took. */
export const costs = (...parts: readonly InspectionCost[]): CardBlock => ({
  kind: 'paragraph',
  text: describeCost(sumOf(parts)),
  look: 'card-cost',
});

/** What several parts took together. */
export const sumOf = (parts: readonly InspectionCost[]): InspectionCost =>
  parts.reduce(
    (a, b) => ({
      applications: a.applications + b.applications,
      evaluations: a.evaluations + b.evaluations,
      milliseconds: a.milliseconds + b.milliseconds,
    }),
    { applications: 0, evaluations: 0, milliseconds: 0 },
  );
