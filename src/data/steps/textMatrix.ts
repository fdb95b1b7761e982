import { ok } from '../../base/result';
import type { DataSteps } from '../../records/dataSteps';
import type { Execute } from '../context';
import { fault, type Outcome } from '../fault';
import { rowsInput } from '../inputs';
import { arrayOf, asTable, lineageOf, nameOf, type RowsValue } from '../values';
import { englishStopWords } from './englishWords';

type Settings = DataSteps['textMatrix'];

/**
 * scikit-learn's CountVectorizer and TfidfVectorizer: terms of the first input's texts in sorted order, counted in those of the
 * second. Weights are count · idf with idf = ln((1 + n) / (1 + texts with the term)) + 1, rows of length 1.
 */
export const executeTextMatrix: Execute<'textMatrix'> = (settings, inputs, context) => {
  const fitted = textsOf(inputs[0] ? rowsInput(inputs, 0) : fault('Texts are missing here.'));
  const given = rowsInput(inputs, 1);
  const texts = textsOf(given);
  if (!fitted.ok) return fitted;
  if (!given.ok) return given;
  if (!texts.ok) return texts;
  const known = vocabularyOf(settings, fitted.value, context.assume);
  if (known.terms.length === 0) return fault('No words are left of these texts; lower min_df or leave fewer words out.');
  const width = known.terms.length;
  if (width * texts.value.length * 8 > context.maximumBytes)
    return fault(
      `These texts have ${width} words, more than the bound on memory for ${texts.value.length} rows; set max_features.`,
    );
  const place = new Map(known.terms.map((term, at) => [term, at]));
  const made = new Float64Array(texts.value.length * width);
  for (const [row, text] of texts.value.entries()) {
    const own = made.subarray(row * width, (row + 1) * width);
    for (const term of termsOf(settings, text)) {
      const at = place.get(term);
      if (at !== undefined) own[at] = settings.binary ? 1 : (own[at] as number) + 1;
    }
    if (settings.weigh) weighRow(own, known.idf, settings.weigh);
  }
  return ok(arrayOf([texts.value.length, width], settings.weigh ? made : Int32Array.from(made), lineageOf(given.value)));
};

function textsOf(value: Outcome<RowsValue>): Outcome<string[]> {
  if (!value.ok) return value;
  const [column, ...others] = asTable(value.value).columns;
  if (!column || others.length > 0) return fault('Words are counted in one column of texts.');
  if (column.type !== 'text') return fault(`${nameOf(column.label)} holds numbers, not texts.`);
  const missing = column.values.indexOf(null);
  if (missing >= 0) return fault(`${nameOf(column.label)} has no text in row ${missing + 1}; drop or fill such rows before.`);
  return ok(column.values.map((text) => text ?? ''));
}

/** Words of two or more letters, digits or underscores, then runs of them. */
function termsOf({ lower, stop, grams }: Settings, given: string): string[] {
  const text = lower ? given.toLowerCase() : given;
  const left = stop === 'english' ? englishStopWords : new Set(stop);
  const words = (text.match(/[\p{L}\p{N}_]{2,}/gu) ?? []).filter((word) => !left.has(word));
  const terms: string[] = [];
  for (let length = grams[0]; length <= grams[1]; length++)
    for (let i = 0; i + length <= words.length; i++) terms.push(words.slice(i, i + length).join(' '));
  return terms;
}

interface Vocabulary {
  readonly terms: readonly string[];
  readonly idf: Float64Array;
}

function vocabularyOf(settings: Settings, texts: readonly string[], assume: (text: string) => void): Vocabulary {
  const counts = new Map<string, { all: number; texts: number }>();
  for (const text of texts) {
    const seen = new Set<string>();
    for (const term of termsOf(settings, text)) {
      const entry = counts.get(term) ?? { all: 0, texts: 0 };
      counts.set(term, entry);
      if (!settings.binary || !seen.has(term)) entry.all++;
      if (!seen.has(term)) entry.texts++;
      seen.add(term);
    }
  }
  const share = (bound: number, isShare: boolean): number => (isShare ? bound * texts.length : bound);
  const least = share(settings.least.bound, settings.least.isShare);
  const most = share(settings.most.bound, settings.most.isShare);
  const fitting = [...counts].filter(([, entry]) => entry.texts >= least && entry.texts <= most);
  fitting.sort(([a], [b]) => (a < b ? -1 : 1));
  const kept = settings.limit !== null && fitting.length > settings.limit ? frequent(fitting, settings.limit, assume) : fitting;
  const smooth = settings.weigh?.smooth ? 1 : 0;
  const idf = Float64Array.from(kept, ([, entry]) => Math.log((texts.length + smooth) / (entry.texts + smooth)) + 1);
  return { terms: kept.map(([term]) => term), idf };
}

type Term = readonly [string, { readonly all: number; readonly texts: number }];

/** The most frequent terms; which of equal ones stay is scikit-learn's sorting's own affair. */
function frequent(terms: readonly Term[], limit: number, assume: (text: string) => void): Term[] {
  const order = [...terms].sort(([, a], [, b]) => b.all - a.all);
  const chosen = new Set(order.slice(0, limit));
  if (order[limit - 1]?.[1].all === order[limit]?.[1].all)
    assume('Of equally frequent words at the bound of max_features those that come first in the alphabet are kept');
  return terms.filter((term) => chosen.has(term));
}

function weighRow(row: Float64Array, idf: Float64Array, { useIdf, sublinear, norm }: NonNullable<Settings['weigh']>): void {
  let length = 0;
  for (const [at, count] of row.entries()) {
    const value = (sublinear && count > 0 ? 1 + Math.log(count) : count) * (useIdf ? (idf[at] as number) : 1);
    row[at] = value;
    length += norm === 'l2' ? value * value : Math.abs(value);
  }
  const divisor = norm === 'l2' ? Math.sqrt(length) : length;
  if (norm !== null && divisor > 0) for (const at of row.keys()) row[at] = (row[at] as number) / divisor;
}
