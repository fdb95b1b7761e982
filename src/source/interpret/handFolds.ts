import type { Expression, Statement } from '../syntax/ast';
import { blocksOf, childrenOf, expressionsOf } from './training';

/**
 * Whether each pass of a loop trains a model of its own on rows that are cut out by the pass's number: folds made by hand. What is trained
 * (a model that is fitted, an optimizer that takes steps) is made at the loop's own level, so that nothing goes on from pass to pass.
 */
export function isFoldLoop({ target, body }: Statement & { readonly kind: 'for' }): boolean {
  if (target.kind !== 'name') return false;
  const own = new Set<string>();
  let cuts = false;
  for (const s of body) {
    if (s.kind !== 'assign') continue;
    if (s.value?.kind === 'call') for (const made of s.targets) if (made.kind === 'name') own.add(made.name);
    if (s.value !== null && some(s.value, (e) => isCutBy(e, target.name))) cuts = true;
  }
  return cuts && inBlock(body, (e) => isTrained(e, own));
}

/** `rows[i * n:(i + 1) * n]`. */
const isCutBy = (e: Expression, name: string): boolean =>
  e.kind === 'subscript' && e.index.kind === 'slice' && some(e.index, (part) => part.kind === 'name' && part.name === name);

/** `model.fit(...)`, `optimizer.step()`. */
const isTrained = (e: Expression, own: ReadonlySet<string>): boolean =>
  e.kind === 'call' &&
  e.callee.kind === 'attribute' &&
  (e.callee.name === 'fit' || e.callee.name === 'step') &&
  e.callee.object.kind === 'name' &&
  own.has(e.callee.object.name);

const some = (e: Expression, test: (part: Expression) => boolean): boolean =>
  test(e) || childrenOf(e).some((child) => child !== null && some(child, test));

const inBlock = (block: readonly Statement[], test: (e: Expression) => boolean): boolean =>
  block.some(
    (s) => expressionsOf(s).some((e) => e !== null && some(e, test)) || blocksOf(s).some((inner) => inBlock(inner, test)),
  );
