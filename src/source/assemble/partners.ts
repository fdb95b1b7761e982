import type { Partner } from '../../records/experiment';
import type { ModelNode } from '../../records/model/graph';
import type { Schedule } from '../../records/optimizer';
import type { Reason } from '../../records/source';
import type { Event } from '../interpret/events';
import { sameRhythm, type Rhythm } from '../values/rhythm';
import type { ParameterCell, TraceNode } from '../values/trace';
import type { readLoop } from './loop';
import { passes } from './nest';
import type { BuiltModel } from './modelGraph';
import { cellsBelow, type UnitEvents } from './unitEvents';

/** How two optimizers take turns in their loop. */
type Turns = Pick<Partner, 'order' | 'own' | 'steps'>;

/** Optimizers of the same loop that change parameters which the unit's loss goes through. */
export function entangled(unit: UnitEvents, all: readonly UnitEvents[]): readonly UnitEvents[] {
  const { loss, step, optimizer } = unit;
  if (!loss || !step) return [];
  const own = new Set(optimizer.groups.flatMap((g) => g.cells));
  const foreign = new Set([...cellsBelow(loss)].filter((cell) => !own.has(cell)));
  const [outer] = step.loops;
  return all.filter(
    (other) =>
      other.optimizer !== optimizer &&
      other.step !== null &&
      other.optimizer.groups.some((g) => g.cells.some((cell) => foreign.has(cell))) &&
      (outer === undefined || other.step.loops.includes(outer)),
  );
}

/** The condition that an event stands under; undefined without any, null for one that is not known, and for several. */
function rhythmOf({ conditions }: Event): Rhythm | null | undefined {
  return conditions.length < 2 ? conditions[0] : null;
}

/** Who steps when; null when it is not followed. */
export function turnsOf(unit: UnitEvents, other: UnitEvents): Turns | null {
  const { step, backward, all } = unit;
  if (!step || !other.step || !backward || !other.backward) return null;
  const at = (event: Event): number => all.indexOf(event);
  const together = Math.max(at(backward), at(other.backward)) < Math.min(at(step), at(other.step));
  const order = together ? 'together' : at(other.step) < at(step) ? 'before' : 'after';
  const counts = countsOf(step, other.step);
  if (!counts || (together && (counts.own !== 1 || counts.steps !== 1))) return null;
  return { order, ...counts };
}

function countsOf(own: Event, other: Event): { readonly own: number; readonly steps: number } | null {
  const [a, b] = [rhythmOf(own), rhythmOf(other)];
  if (a === null || b === null) return null;
  const [mine, theirs] = [own.loops[own.loops.length - 1], other.loops[other.loops.length - 1]];
  if (mine === theirs) {
    if (a === b || (a && b && sameRhythm(a, b))) return { own: 1, steps: 1 };
    return b && !a ? { own: b.every, steps: 1 } : a && !b ? { own: 1, steps: a.every } : null;
  }
  if (a || b) return null;
  const inner = (deep: Event, shallow: Event): number | null =>
    deep.loops.length === shallow.loops.length + 1 && shallow.loops.every((loop) => deep.loops.includes(loop))
      ? (passes(deep.loops[deep.loops.length - 1] ?? null)?.value ?? null)
      : null;
  const beside = siblings(own, other);
  if (beside) return beside.own === 1 || beside.steps === 1 ? beside : null;
  const [repeats, repeated] = [inner(own, other), inner(other, own)];
  return repeats !== null ? { own: repeats, steps: 1 } : repeated !== null ? { own: 1, steps: repeated } : null;
}

/** Steps in two loops of a known number of passes that stand side by side in the same one. */
function siblings(own: Event, other: Event): Pick<Turns, 'own' | 'steps'> | null {
  if (own.loops.length !== other.loops.length || own.loops.length < 2) return null;
  const around = own.loops.slice(0, -1).every((loop, i) => loop === other.loops[i]);
  const [mine, theirs] = [own, other].map(({ loops }) => passes(loops[loops.length - 1] ?? null)?.value ?? null);
  return around && typeof mine === 'number' && typeof theirs === 'number' ? { own: mine, steps: theirs } : null;
}

/** What a partner's own reading gave. */
export interface PartnerParts {
  readonly unit: UnitEvents;
  readonly turns: Turns;
  readonly model: BuiltModel;
  readonly optimizer: Partner['optimizer'];
  readonly schedules: readonly Schedule[];
  readonly loop: NonNullable<ReturnType<typeof readLoop>>['loop'];
}

/** Partners as records: their parameters numbered with the unit's, their inputs and targets placed in the unit's split. */
export function partnersOf(
  own: BuiltModel,
  parts: readonly PartnerParts[],
): { readonly partners: readonly Partner[]; readonly inputs: readonly TraceNode[]; readonly targets: readonly TraceNode[] } {
  const numbers = new Map<ParameterCell, number>(own.cells.map((cell, i) => [cell, i]));
  const inputs = [...own.inputs];
  const targets = [...own.targets];
  const partners = parts.map(({ unit, turns, model, optimizer, schedules, loop }): Partner => {
    for (const cell of model.cells) if (!numbers.has(cell)) numbers.set(cell, numbers.size);
    const place = (held: TraceNode[], nodes: readonly TraceNode[], index: number): number => {
      const node = nodes[index];
      const known = held.findIndex(({ source }) => source?.step === node?.source?.step);
      if (known >= 0 || !node) return Math.max(0, known);
      held.push(node);
      return held.length - 1;
    };
    const nodes = model.graph.nodes.map((node): ModelNode => {
      if (node.kind === 'input') return { ...node, arguments: { index: place(inputs, model.inputs, node.arguments.index) } };
      if (node.kind === 'target') return { ...node, arguments: { index: place(targets, model.targets, node.arguments.index) } };
      return node;
    });
    return {
      name: unit.optimizer.variable ?? 'another optimizer',
      model: { ...model.graph, nodes },
      optimizer,
      schedules,
      loop,
      ...turns,
      parameters: model.cells.map((cell) => numbers.get(cell) ?? -1),
    };
  });
  return { partners, inputs, targets };
}

/** In place of partners that are not followed. */
export const turnsUnread = (other: UnitEvents): Reason => ({
  text: `The loss of this optimizer goes through parameters that \`${other.optimizer.variable ?? 'another optimizer'}\` changes in the same loop, and how the two take turns could not be read`,
  range: other.optimizer.call,
});
