import { lossNodes } from './graphWalk';
import { replaceWithin } from './edits';
import type { Remedy } from './removal';
import type { Evidence } from './rule';
import { grouped } from './words';

/** What a loss that sums over the rows of a batch does to the rate that suits, as a sentence with a space before it; empty for means. */
export function summedLossWords({ experiment: { model, batches }, statistics }: Evidence): string {
  const [loss] = model === null ? [] : lossNodes(model);
  if (loss?.arguments.reduction !== 'sum') return '';
  const rows = batches?.sampling === 'full' ? statistics?.rows : batches?.batchSize?.value;
  return rows === undefined || !(rows > 1)
    ? ''
    : ` The loss is a sum: over ${grouped(rows)} rows it is ${grouped(rows)} times as steep as their mean, and the rate that suits it is that much lower.`;
}

/** The mean of the rows' losses in place of their sum, where the script writes that out; null elsewhere. */
export function meanInPlace({ experiment: { model }, texts }: Evidence): Remedy | null {
  const [loss] = model === null ? [] : lossNodes(model);
  if (loss?.arguments.reduction !== 'sum') return null;
  const edits = replaceWithin(texts, loss.range, /\breduction\s*=\s*(?:(['"])sum\1)/, "reduction='mean'");
  return edits.length === 0 ? null : { title: 'Take the mean of the loss', edits };
}
