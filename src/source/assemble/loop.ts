import type { Evaluation, Loop } from '../../records/experiment';
import type { Reason, SourceRange, Sourced } from '../../records/source';
import type { Event } from '../interpret/events';
import { byDefault, sourced } from '../values/origin';
import { sameConditions } from '../values/rhythm';
import type { BatchOrigin, TraceNode } from '../values/trace';
import type { LoopContext } from '../values/value';
import { allModules, asModule } from '../vocabulary/layers/modules';
import { averagingOf } from './averaging';
import { nestOf, passes, type LoopNest } from './nest';
import { clearsOf, lessOften, stepRhythm, type StepRhythm } from './stepRhythm';
import { cellsBelow, eventsOf, sameLoops, type EventOf, type UnitEvents } from './unitEvents';
import { ancestors } from './walk';

/** What the training loop does. Null when there is no backward and no step. */
export function readLoop(
  unit: UnitEvents,
  batch: BatchOrigin | null,
  outputs: readonly TraceNode[],
): { readonly loop: Loop; readonly epochsKnown: boolean; readonly why: Reason | null; readonly problem: Reason | null } | null {
  const summed = loopsBeforeStep(unit).length > 0;
  const anchor = summed ? unit.step : (unit.backward ?? unit.step);
  if (!anchor) return null;
  const nest = summed ? drawnNest(anchor) : nestOf(anchor, batch);
  const replaced = summed || batch?.sampling === 'replacement' || nest.batch?.drawn === true;
  const counted = replaced ? (nest.batch ?? nest.epoch) : nest.epoch;
  const known = passes(counted);
  const rhythm = stepRhythm(unit, nest);
  const isInEpochs = !replaced && nest.batch !== null;
  const repeated = replaced || takesTurns(unit, anchor, nest);
  const steps = stepsOf(unit, nest) ?? (repeated ? stepsIn(overAllLoops(known, anchor.loops, counted), rhythm) : null);
  const outer = nest.epoch ?? nest.batch;
  const range = outer?.range ?? anchor.range;
  const training = trainingForward(unit, outputs);
  const head = outer?.head ?? anchor.range;
  const epochs = (isInEpochs ? known : lessOften(known, rhythm.taken)) ?? byDefault(1, head);
  const averaging = averagingOf(unit, training, nest);
  return {
    loop: {
      range,
      epochs: replaced || steps ? byDefault(1, head) : epochs,
      steps,
      zeroGrad: readZeroGrad(unit, anchor, nest),
      backward: unit.backward?.range ?? null,
      step: unit.step?.range ?? null,
      // `if (i + 1) % n == 0: optimizer.step()` sums n batches, and so does a loop of n passes before the step.
      accumulation: rhythm.accumulation * (summedPasses(unit)?.value ?? 1),
      ...(rhythm.pace ? { pace: rhythm.pace } : {}),
      ...takenOf(rhythm),
      clipping: clippingOf(unit),
      evaluation: readEvaluation(unit, training, nest),
      trainsInEvalMode: trainsInEval(unit, training, nest),
      earlyStopping: earlyStopping(unit, nest),
      ...(averaging ? { averaging } : {}),
    },
    // One loop over batches with none around it goes over the rows once.
    epochsKnown: known !== null || steps !== null || nest.epoch === null,
    why: reasonOf(counted),
    problem: rhythm.problem,
  };
}

/** Steps in so many passes over drawn rows. */
function stepsIn(passes: Sourced<number> | null, { taken, accumulation, pace }: StepRhythm): Sourced<number> | null {
  if (passes === null || pace === null) return lessOften(passes, taken);
  return { ...passes, value: Math.max(0, Math.floor((passes.value - pace.first) / accumulation) + 1) };
}

const takenOf = ({ taken }: StepRhythm): Pick<Loop, 'takenEvery' | 'takenFrom'> =>
  taken === null ? {} : { takenEvery: taken.every, ...(taken.at > 0 ? { takenFrom: taken.at } : {}) };

/** Whether the loop of full batches stands in one in which another optimizer steps as well: it is gone through again each time. */
function takesTurns({ all, optimizer }: UnitEvents, anchor: Event, nest: LoopNest): boolean {
  const around = nest.batch === null ? anchor.loops.slice(0, -1) : [];
  return (
    around.length > 0 && eventsOf(all, 'step').some((e) => e.optimizer !== optimizer && around.every((l) => e.loops.includes(l)))
  );
}

/** Steps in a loop that stands in others: the product of their passes; null when one of these is not known. */
function overAllLoops(
  inner: Sourced<number> | null,
  loops: readonly LoopContext[],
  counted: LoopContext | null,
): Sourced<number> | null {
  const outer = loops.slice(0, Math.max(0, counted ? loops.indexOf(counted) : 0)).map(passes);
  if (inner === null || outer.some((count) => count === null)) return null;
  return { ...inner, value: outer.reduce((product, count) => product * (count?.value ?? 1), inner.value) };
}

/** Why the number of passes of a loop is not known, where the script's values say so. */
const reasonOf = (loop: LoopContext | null): Reason | null =>
  loop?.count?.kind === 'unknown' || loop?.count?.kind === 'none' ? (loop.count.reason ?? null) : null;

/** Steps that the script counts itself: `if step >= total: break`. */
function stepsOf(unit: UnitEvents, nest: LoopNest): Sourced<number> | null {
  const { step } = unit;
  if (!step) return null;
  const limits = eventsOf(unit.all, 'stepLimit').filter((e) => step.loops.includes(e.loop));
  const inEpoch = limits.find((e) => !e.continues && e.loop === nest.batch && nest.epoch !== null);
  const epochs = inEpoch ? passes(nest.epoch) : null;
  const whole = limits.find((e) => e.continues || nest.epoch === null || (e.loop === nest.epoch && nest.batch === null));
  const limit = whole ?? (epochs ? inEpoch : undefined);
  if (!limit) return null;
  // The pass in which the script leaves counts as well when its step comes before.
  const once = limit.steps.value + (unit.all.indexOf(limit) > unit.all.indexOf(step) ? 1 : 0);
  const passesMade = once * (limit === whole ? 1 : (epochs?.value ?? 1));
  // Passes of a loop inside whose gradients are summed are none of those that are counted here.
  const { accumulation } = stepRhythm(unit, nest);
  return sourced(Math.max(0, Math.floor(passesMade / accumulation)), limit.steps.origin, limit.range);
}

function earlyStopping(unit: UnitEvents, nest: LoopNest): Loop['earlyStopping'] {
  const stop = eventsOf(unit.all, 'earlyStop').find((e) => e.loops[e.loops.length - 1] === nest.epoch);
  return stop ? { patience: stop.patience, range: stop.range } : null;
}

const cellSet = (unit: UnitEvents): ReadonlySet<unknown> => new Set(unit.optimizer.groups.flatMap((g) => g.cells));

function readZeroGrad(unit: UnitEvents, anchor: Event, nest: LoopNest): Loop['zeroGrad'] {
  const clears = clearsOf(unit);
  const inner = anchor.loops[anchor.loops.length - 1];
  const inside = clears.find((e) => inner === undefined || e.loops.some((l) => l === inner));
  if (inside) return { when: clearsBeforeStep(unit, inside) ? 'beforeStep' : 'everyStep', range: inside.range };
  const outer = clears.find((e) => nest.batch !== null && nest.epoch !== null && e.loops.some((l) => l === nest.epoch));
  return outer ? { when: 'everyEpoch', range: outer.range } : { when: 'never', range: null };
}

/** Whether the pass clears what `backward` left before the step takes it: `backward(); zero_grad(); step()`, wherever the pass begins. */
function clearsBeforeStep(unit: UnitEvents, clear: EventOf<'zeroGrad'>): boolean {
  const { backward, step, summed, optimizer } = unit;
  if (!backward || !step || backward.loss === null || summed.length > 0) return false;
  const { cells } = clear;
  if (clear.optimizer !== optimizer && ![...cellSet(unit)].every((cell) => cells.some((one) => one === cell))) return false;
  const isCertain = [backward, step, clear].every((e) => !e.conditions.includes(null) && sameLoops(e, step));
  return isCertain && (clear.conditions.length === 0 || sameConditions(clear.conditions, step.conditions));
}

/** Passes of the loops that stand around `backward` and not around the step. Null when there are none, or not a known number. */
function summedPasses(unit: UnitEvents): Sourced<number> | null {
  const inner = loopsBeforeStep(unit);
  return inner.length === 1 ? passes(inner[0] ?? null) : null;
}

/** The loop of a step that sums the gradients of a loop inside is the one over batches. */
const drawnNest = ({ loops }: Event): LoopNest => ({
  batch: loops[loops.length - 1] ?? null,
  epoch: loops[loops.length - 2] ?? null,
});

/** Loops whose gradients are summed before a step. */
export function loopsBeforeStep(unit: UnitEvents): readonly LoopContext[] {
  const { backward, step } = unit;
  return backward && step ? backward.loops.filter((l) => !step.loops.includes(l)) : [];
}

function clippingOf(unit: UnitEvents): Loop['clipping'] {
  const own = cellSet(unit);
  const clip = eventsOf(unit.all, 'clip').find((e) => e.cells.some((cell) => own.has(cell)));
  return clip?.clipping ?? null;
}

/** The call of the model whose output the loss is made of; not that of a teacher, which is given beside it. */
export function trainingForward(unit: UnitEvents, outputs: readonly TraceNode[]): EventOf<'forward'> | null {
  const below = ancestors(unit.loss ? [unit.loss] : outputs);
  const calls = eventsOf(unit.all, 'forward').filter((e) => e.output.kind === 'tensor' && below.has(e.output.node));
  const own = cellSet(unit);
  const hasOwn = ({ output }: EventOf<'forward'>): boolean =>
    output.kind === 'tensor' && [...cellsBelow(output.node)].some((cell) => own.has(cell));
  return calls.find((e) => !e.noGrad && hasOwn(e)) ?? calls[0] ?? null;
}

/** Calls of the trained model that no backward follows. */
export function evaluationForwards(unit: UnitEvents, training: EventOf<'forward'> | null): EventOf<'forward'>[] {
  if (!training) return [];
  const used = ancestors(unit.loss ? [unit.loss] : []);
  for (const e of eventsOf(unit.all, 'backward')) if (e.loss) for (const node of ancestors([e.loss])) used.add(node);
  return eventsOf(unit.all, 'forward').filter(
    (e) => e.module === training.module && e.output.kind === 'tensor' && !used.has(e.output.node),
  );
}

/** What a model is given: rows of data, or numbers that the script writes out. */
const isGiven = ({ kind, source }: TraceNode): boolean => source !== null || kind === 'values' || kind === 'filled';

/** Whether a model makes samples of random numbers and never sees rows: calls of it show samples and evaluate nothing. */
function makesSamples({ output }: EventOf<'forward'>): boolean {
  const below = output.kind === 'tensor' ? [...ancestors([output.node])] : [];
  return below.some(({ kind }) => kind === 'noise') && !below.some(({ source }) => source !== null);
}

function readEvaluation(unit: UnitEvents, training: EventOf<'forward'> | null, nest: LoopNest): Evaluation | null {
  // Where the loss could not be followed, what is called with gradients may be what it is made of.
  const isBlind = unit.backward !== null && unit.loss === null;
  const candidates = evaluationForwards(unit, training).filter(
    (e) => e.output.kind === 'tensor' && [...ancestors([e.output.node])].some(isGiven) && (!isBlind || e.noGrad || e.evalMode),
  );
  const found = candidates.find((e) => nest.epoch !== null && e.loops.includes(nest.epoch)) ?? candidates[0];
  if (!found || !training || makesSamples(training)) return null;
  const per =
    nest.batch && found.loops.includes(nest.batch) ? 'batch' : nest.epoch && found.loops.includes(nest.epoch) ? 'epoch' : 'end';
  const loop = found.loops.find((l) => !training.loops.includes(l));
  const range: SourceRange = loop?.head ?? found.range;
  return {
    range,
    evalMode: found.evalMode,
    noGrad: found.noGrad,
    trainModeRestored: per === 'end' || modeBeforeTraining(unit, training, nest) !== false,
    per,
  };
}

/**
 * The mode in which the second pass of the outer loop trains: the last mode set in a pass, unless
 * one is set again before the training forward. Null when no pass sets any.
 */
function modeBeforeTraining(unit: UnitEvents, training: EventOf<'forward'>, nest: LoopNest): boolean | null {
  const outer = nest.epoch ?? nest.batch;
  if (!outer) return null;
  const module = asModule(training.module);
  const inside = module ? new Set(allModules(module).map((m) => m.module)) : new Set();
  const modes = eventsOf(unit.all, 'setMode').filter((e) => {
    const set = asModule(e.module);
    return (
      e.loops.includes(outer) &&
      set !== null &&
      (set === module || (inside.has(module as never) && allModules(set).some((m) => m.module === module)))
    );
  });
  const at = unit.all.indexOf(training);
  const before = modes.filter((e) => unit.all.indexOf(e) < at);
  const last = before[before.length - 1] ?? modes[modes.length - 1];
  return last ? last.training : null;
}

function trainsInEval(unit: UnitEvents, training: EventOf<'forward'> | null, nest: LoopNest): boolean {
  if (!training) return false;
  return training.evalMode && modeBeforeTraining(unit, training, nest) !== true;
}
