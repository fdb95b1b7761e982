import type { Sourced } from '../../records/source';
import type { Event } from '../interpret/events';
import { sourced } from '../values/origin';
import type { BatchOrigin } from '../values/trace';
import type { LoopContext } from '../values/value';

/** The loops around the training step: the one over batches, if any, and the one over epochs. */
export interface LoopNest {
  readonly batch: LoopContext | null;
  readonly epoch: LoopContext | null;
}

/** Which of the loops around `event` is which. */
export function nestOf(event: Event, batch: BatchOrigin | null): LoopNest {
  const { loops } = event;
  const own = batch?.loop ? loops.findIndex((l) => l.id === batch.loop?.id) : -1;
  // Rows that could not be read, or that a generator yields, come in a loop that is known to be one over batches.
  const at = own >= 0 ? own : loops.findIndex((l) => l.batches);
  if (at < 0) return { batch: null, epoch: loops[loops.length - 1] ?? null };
  return { batch: loops[at] ?? null, epoch: loops[at - 1] ?? null };
}

/** A loop's number of passes with its place; null when it is not a plain number. */
export function passes(loop: LoopContext | null): Sourced<number> | null {
  if (loop?.count?.kind !== 'number') return null;
  const { value, origin } = loop.count;
  const written =
    origin !== null && origin.chain.length === 0 && origin.place.line === loop.head.line && origin.place.path === loop.head.path;
  return sourced(value, origin, written ? origin.place : loop.head);
}
