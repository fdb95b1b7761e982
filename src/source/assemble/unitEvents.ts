import type { Event, EventKind } from '../interpret/events';
import type { ParameterCell, TraceNode } from '../values/trace';
import type { OptimizerValue } from '../values/training';
import { isLossKind } from '../vocabulary/layers/modules';
import { ancestors } from './walk';

export type EventOf<K extends EventKind['kind']> = Event & { readonly kind: K };

export const eventsOf = <K extends EventKind['kind']>(events: readonly Event[], kind: K): EventOf<K>[] =>
  events.filter((e): e is EventOf<K> => e.kind === kind);

/** The calls that belong to one optimizer. */
export interface UnitEvents {
  readonly optimizer: OptimizerValue;
  /** The scalar that is, or without a backward would be, differentiated. */
  readonly loss: TraceNode | null;
  readonly step: EventOf<'step'> | null;
  readonly backward: EventOf<'backward'> | null;
  /** The backward calls whose gradients one step sums, in order. */
  readonly summed: readonly EventOf<'backward'>[];
  readonly all: readonly Event[];
}

/** Parameters that a node depends on. */
export function cellsBelow(node: TraceNode): Set<ParameterCell> {
  const cells = new Set<ParameterCell>();
  for (const one of ancestors([node])) for (const cell of Object.values(one.parameters)) cells.add(cell);
  return cells;
}

/** Pairs an optimizer with the backward call whose loss its parameters lead to. */
export function unitEvents(
  events: readonly Event[],
  nodes: readonly TraceNode[],
  optimizer: OptimizerValue,
  optimizers: number,
): UnitEvents {
  const own = new Set(optimizer.groups.flatMap((g) => g.cells));
  const steps = eventsOf(events, 'step').filter((e) => e.optimizer === optimizer);
  const step = steps[0] ?? null;
  const reaching = eventsOf(events, 'backward').filter(
    (e) => e.loss !== null && reaches(e, own) && [...cellsBelow(e.loss)].some((cell) => own.has(cell)),
  );
  const at = step ? events.indexOf(step) : -1;
  // A loss that could not be followed belongs to the only optimizer, or to the one that steps next in the same loop.
  const blind = eventsOf(events, 'backward').filter(
    (e) =>
      e.loss === null &&
      reaches(e, own) &&
      (optimizers === 1 || (step !== null && sameLoops(e, step) && isNext(events, e, step))),
  );
  const known = eventsOf(events, 'backward').filter((e) => reaching.includes(e) || blind.includes(e));
  const backwards = known.length === 0 && optimizers === 1 ? ofAnotherModel(events, own, step) : known;
  const near = step ? backwards.filter((e) => sameLoops(e, step)) : backwards;
  const summed = step ? near.filter((e) => isSummed(events, optimizer, own, step, e)) : [];
  const before = (summed.length > 0 ? summed : near).filter((e) => events.indexOf(e) < at);
  const backward = before[before.length - 1] ?? near[0] ?? backwards[0] ?? null;
  const loss = backward ? backward.loss : lossWithoutBackward(nodes, own);
  return { optimizer, loss, step, backward, summed, all: events };
}

/**
 * The backward calls beside the steps of the script's only optimizer where these reach none of its parameters: it was made with those of
 * another model, which is what is wrong with the script.
 */
const ofAnotherModel = (
  events: readonly Event[],
  own: ReadonlySet<ParameterCell>,
  step: EventOf<'step'> | null,
): EventOf<'backward'>[] =>
  own.size === 0 || step === null
    ? []
    : eventsOf(events, 'backward').filter((e) => e.loss !== null && sameLoops(e, step) && cellsBelow(e.loss).size > 0);

/** True when no other optimizer steps between a backward call and the step. */
function isNext(events: readonly Event[], backward: Event, step: EventOf<'step'>): boolean {
  const [from, to] = [events.indexOf(backward), events.indexOf(step)];
  return (
    from < to &&
    !eventsOf(events.slice(from, to), 'step').some(
      ({ optimizer }) => optimizer !== step.optimizer && !optimizer.rivals?.has(step.optimizer),
    )
  );
}

/** False for gradients that are taken by other parameters. */
const reaches = ({ cells }: EventOf<'backward'>, own: ReadonlySet<ParameterCell>): boolean =>
  cells === undefined || cells.some((cell) => own.has(cell));

/** True when no clearing of the gradients lies between a backward call and the step, around the loop. */
function isSummed(
  events: readonly Event[],
  optimizer: OptimizerValue,
  own: ReadonlySet<ParameterCell>,
  step: Event,
  backward: Event,
): boolean {
  const clears = eventsOf(events, 'zeroGrad').filter(
    (e) => sameLoops(e, step) && (e.optimizer === optimizer || (e.optimizer === null && e.cells.some((cell) => own.has(cell)))),
  );
  const at = events.indexOf(step);
  const from = events.indexOf(backward);
  const between = (e: Event): boolean => {
    const place = events.indexOf(e);
    return from < at ? place > from && place < at : place > from || place < at;
  };
  return !clears.some(between);
}

/** The first loss over the optimizer's parameters, for scripts that forget `backward()`. */
function lossWithoutBackward(nodes: readonly TraceNode[], own: ReadonlySet<ParameterCell>): TraceNode | null {
  return nodes.find((node) => isLossKind(node.kind) && [...cellsBelow(node)].some((cell) => own.has(cell))) ?? null;
}

export const sameLoops = (a: Event, b: Event): boolean => {
  const [x, y] = [a.loops[a.loops.length - 1], b.loops[b.loops.length - 1]];
  return x === y;
};
