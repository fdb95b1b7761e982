import type { TrialRequest, TrialResult } from '../records/trial';
import { niceRate } from './edits';
import { lossSpan, startOf } from './lossSpan';
import type { Evidence } from './rule';
import { failed, request, resultOf, trains, unchanged, unchangedRequest } from './trials';
import { rateVariant } from './rateSetting';

/** A rate with what its re-run from the start showed. */
export interface TriedRate {
  readonly rate: number;
  readonly result: TrialResult;
}

/** A rate that trains, and the lowest one above it that does not. */
export interface Bracket {
  readonly trains: TriedRate;
  readonly fails: number;
  /** Every rate that was tried on the run's own seed and trained, lowest first. */
  readonly trained: readonly TriedRate[];
}

export type Search =
  | { readonly kind: 'wants'; readonly trials: readonly TrialRequest[] }
  | { readonly kind: 'none'; /** Whether a trial could not be run at all. */ readonly unavailable: boolean }
  | { readonly kind: 'found'; readonly bracket: Bracket };

/** Rounds of bisection between the rate that trains and the one that does not. [own] */
const bisections = 2;

/**
 * Looks below `rate`, which fails, for rates that train from the start: a half, a tenth and `guess` first, then
 * bisection by the geometric mean. Pure: it reads what was tried and says what to try next.
 */
export function searchBelow(e: Evidence, rate: number, guess: number): Search {
  const firstRound = [...new Set([niceRate(rate / 2), niceRate(rate / 10), niceRate(Math.min(guess, rate / 10))])];
  const first = tryRates(e, firstRound);
  if ('kind' in first) return first;
  let tried = first;
  if (bracketOf(tried, rate) === null && tried.some(({ result }) => result.status !== 'unavailable')) {
    const further = tryRates(e, [niceRate(rate / 100), niceRate(rate / 1000)]);
    if ('kind' in further) return further;
    tried = [...tried, ...further];
  }
  for (let round = 0; ; round++) {
    const bracket = bracketOf(tried, rate);
    if (bracket === null) return { kind: 'none', unavailable: tried.every(({ result }) => result.status === 'unavailable') };
    const middle = niceRate(Math.sqrt(bracket.trains.rate * bracket.fails));
    if (round === bisections || middle <= bracket.trains.rate || middle >= bracket.fails) return withLower(e, bracket);
    const result = resultOf(e, rateVariant(e, middle));
    if (result === undefined) return { kind: 'wants', trials: [request(rateVariant(e, middle), 0)] };
    tried = [...tried, { rate: middle, result }];
  }
}

/**
 * Where the best of the rates that train leaves more than half of the loss, a tenth and a hundredth of the lowest are tried too: the highest
 * rates that do not diverge often hardly learn.
 */
function withLower(e: Evidence, bracket: Bracket): Search {
  const [best] = byLoss(bracket.trained);
  const lowest = bracket.trained[0]?.rate ?? bracket.trains.rate;
  const span = lossSpan(e);
  const { start, end } = best?.result.probeLoss ?? { start: NaN, end: NaN };
  if (!(end - span.floor > 0.5 * (startOf(start, span) - span.floor))) return { kind: 'found', bracket };
  const lower = tryRates(e, [niceRate(lowest / 100), niceRate(lowest / 10)]);
  if ('kind' in lower) return lower;
  return {
    kind: 'found',
    bracket: { ...bracket, trained: [...lower.filter(({ result }) => trains(result)), ...bracket.trained] },
  };
}

/** What was tried at each rate, or a wish for the rates that were not. */
function tryRates(e: Evidence, rates: readonly number[]): readonly TriedRate[] | Extract<Search, { readonly kind: 'wants' }> {
  const missing = rates.filter((rate) => resultOf(e, rateVariant(e, rate)) === undefined);
  if (missing.length > 0) return { kind: 'wants', trials: missing.map((rate) => request(rateVariant(e, rate), 0)) };
  return rates.map((rate) => ({ rate, result: resultOf(e, rateVariant(e, rate)) as TrialResult }));
}

function bracketOf(tried: readonly TriedRate[], fails: number): Bracket | null {
  const trained = tried.filter(({ result }) => trains(result)).sort((a, b) => a.rate - b.rate);
  const highest = trained.at(-1);
  if (highest === undefined) return null;
  const failures = tried.filter(({ rate, result }) => failed(result) && rate > highest.rate).map(({ rate }) => rate);
  return { trains: highest, fails: Math.min(fails, ...failures), trained };
}

/** The rates to offer, best first: lowest loss at the end. */
export const byLoss = (rates: readonly TriedRate[]): readonly TriedRate[] =>
  [...rates].sort((a, b) => a.result.probeLoss.end - b.result.probeLoss.end);

/** The winner on a fresh seed beside the unchanged script there. */
export type FreshSeed =
  | { readonly kind: 'wants'; readonly trials: readonly TrialRequest[] }
  | { readonly kind: 'tried'; readonly winner: TrialResult; readonly reference: TrialResult };

export function onFreshSeed(e: Evidence, rate: number): FreshSeed {
  const winner = resultOf(e, rateVariant(e, rate), 1);
  const reference = unchanged(e, 1);
  if (winner !== undefined && reference !== undefined) return { kind: 'tried', winner, reference };
  const trials = [
    ...(reference === undefined ? [unchangedRequest(1)] : []),
    ...(winner === undefined ? [request(rateVariant(e, rate), 1)] : []),
  ];
  return { kind: 'wants', trials };
}
