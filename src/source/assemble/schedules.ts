import { combineSizes } from '../../graph/size';
import type { Schedule, ScheduleRule } from '../../records/optimizer';
import type { Reason, SourceRange } from '../../records/source';
import type { Machine } from '../interpret/machine';
import type { BatchOrigin, TraceNode } from '../values/trace';
import { nestOf, passes, type LoopNest } from './nest';
import { eventsOf, type EventOf, type UnitEvents } from './unitEvents';
import { ancestors } from './walk';

/** The schedules on the unit's optimizer, each with the loop that steps it. What is not followed goes to `unread`. */
export function schedulesOf(
  m: Machine,
  unit: UnitEvents,
  batch: BatchOrigin | null,
  hasValidation: boolean,
  unread: Reason[],
): Schedule[] {
  const anchor = unit.backward ?? unit.step;
  const nest = anchor ? nestOf(anchor, batch) : null;
  const own = m.schedules.filter((s) => s.optimizer === unit.optimizer && s.partOf === undefined);
  return own.flatMap((s): Schedule[] => {
    const stepped = eventsOf(m.events, 'scheduleStep').find((e) => e.schedule === s) ?? null;
    unread.push(...s.problems);
    if (!s.rule) return [];
    const isSet = stepped?.metric && s.rule.kind !== 'reduceOnPlateau';
    const set = isSet && nest ? setTo(s.rule, stepped, nest, unit) : null;
    if (isSet && !set) unread.push({ text: 'A schedule that is set to a given epoch is not followed', range: stepped.range });
    if (set) return [{ ...set, range: s.range, stepCall: stepped?.range ?? null }];
    const rule = s.rule.kind === 'reduceOnPlateau' ? watching(m, s.rule, stepped, unit, hasValidation) : s.rule;
    const lengths = s.lengths && Object.keys(s.lengths).length > 0 ? { lengths: s.lengths } : {};
    const peak = s.peak ? { peak: s.peak } : {};
    return [{ rule, ...lengths, ...peak, per: tickOf(nest, stepped), range: s.range, stepCall: stepped?.range ?? null }];
  });
}

const closed: ReadonlySet<ScheduleRule['kind']> = new Set([
  'step',
  'multiStep',
  'exponential',
  'cosine',
  'cosineWarmRestarts',
  'table',
]);

/** `scheduler.step(epoch)` and `scheduler.step(epoch + i / len(loader))`; null where the two are not these. */
function setTo(
  rule: ScheduleRule,
  { metric, ...stepped }: EventOf<'scheduleStep'>,
  nest: LoopNest,
  unit: UnitEvents,
): Pick<Schedule, 'rule' | 'lengths' | 'per' | 'lag'> | null {
  const anchor = unit.backward ?? unit.step;
  const place = (range: SourceRange): number => unit.all.findIndex((e) => e.range === range);
  const isBefore = anchor !== null && place(stepped.range) < place(anchor.range);
  const inner = stepped.loops[stepped.loops.length - 1];
  if (metric?.kind === 'progress' && closed.has(rule.kind) && inner !== undefined && inner === nest.epoch) {
    const isEpoch = metric.loop === nest.epoch && metric.scale === 1 && metric.modulus === null;
    const lag = isBefore ? metric.offset : 1 - metric.offset;
    return isEpoch && (isBefore ? metric.offset === 0 : lag === 0 || lag === 1) ? { rule, per: 'epoch', lag } : null;
  }
  const share = metric?.kind === 'unknown' ? metric.epochs : undefined;
  if (!share || rule.kind !== 'cosineWarmRestarts' || Number.isNaN(rule.period) || inner !== nest.batch) return null;
  const step = unit.step === null ? -1 : place(unit.step.range);
  const period = combineSizes('*', share.batches, rule.period);
  const lag = place(stepped.range) < step ? 0 : 1;
  const known = typeof period === 'number';
  return { rule: { ...rule, period: known ? period : Number.NaN }, ...(known ? {} : { lengths: { period } }), per: 'batch', lag };
}

function tickOf(nest: LoopNest | null, stepped: EventOf<'scheduleStep'> | null): Schedule['per'] {
  if (nest?.batch && stepped?.loops.includes(nest.batch)) return 'batch';
  return nest && !nest.batch && passes(nest.epoch) === null ? 'batch' : 'epoch';
}

/** Whether the schedule is given the loss that goes backward as it is, or, where a share of it counts, without a factor. */
function isLossOfBatch(
  given: TraceNode,
  { measure, thresholdMode }: Extract<ScheduleRule, { readonly kind: 'reduceOnPlateau' }>,
  { loss }: UnitEvents,
): boolean {
  if (loss === null || measure === 'accuracy') return false;
  let node = given;
  while (node.kind === 'stopGradient' && node.inputs[0]) node = node.inputs[0];
  if (node === loss) return true;
  const isScaled = loss.kind === 'divide' && loss.inputs[1]?.kind === 'constant';
  return thresholdMode !== 'abs' && isScaled && loss.inputs[0] === node;
}

/** The plateau rule with what it is given: the loss that is trained, or else, as it is mostly written, the validation loss. */
function watching(
  m: Machine,
  rule: Extract<ScheduleRule, { readonly kind: 'reduceOnPlateau' }>,
  stepped: EventOf<'scheduleStep'> | null,
  unit: UnitEvents,
  hasValidation: boolean,
): ScheduleRule {
  if (!stepped?.metric) return rule;
  const { metric, range } = stepped;
  const given = metric.kind === 'tensor' ? metric.node : metric.kind === 'unknown' ? metric.itemOf : undefined;
  if (given && isLossOfBatch(given, rule, unit)) return { ...rule, of: 'lastBatch' };
  const below = metric.kind === 'tensor' ? ancestors([metric.node]) : null;
  const trained = below !== null && unit.loss !== null && below.has(unit.loss);
  const of = trained || !hasValidation ? 'training' : 'validation';
  const what = rule.measure === 'accuracy' ? 'accuracy' : of === 'training' ? "epoch's mean loss" : 'loss';
  m.assume(`The schedule is taken to be given the ${of} ${what}`, range);
  return { ...rule, of };
}
