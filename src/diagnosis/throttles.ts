import type { Fix } from '../records/finding';
import type { SourceRange, Sourced, TextEdit } from '../records/source';
import { lossLeft } from './course';
import { asWritten, setValue } from './edits';
import { chainOf, finding } from './finding';
import { lossSpan } from './lossSpan';
import type { Evidence, Outcome } from './rule';
import { found, passed, wants } from './rule';
import { costsValidation, editVariant, failed, protocol, twiceAsFar, verification } from './trials';
import { textAt } from './text';
import { amount, howTried, lossAmount } from './words';

/** A setting that may hold the run back, with a usual value to try in its place. */
interface Throttle {
  readonly at: Sourced<number>;
  readonly call: SourceRange;
  /** Its name as an argument. */
  readonly argument: string;
  readonly usual: number;
  /** What it does to the steps. */
  readonly effect: string;
}

/** Clipping below this, decay and β1 above these are worth a trial in a run that stays high. [own] */
const suspicious = { clipping: 0.1, decay: 0.02, decoupledDecay: 0.3, beta1: 0.98, epsilon: 0.1 } as const;

/**
 * Settings beside the rate that may keep a run from learning: gradients clipped to next to nothing, a decay that outweighs the
 * loss, averages that hardly move. Each convicts only when the script with a usual value, re-run from its start, falls more than
 * twice as far on two seeds.
 */
export function throttleVerdict(e: Evidence): Outcome {
  if (e.run === null || lossLeft(e) < 0.5 || (e.baseline !== null && failed(e.baseline))) return passed;
  for (const throttle of throttlesOf(e)) {
    const edits = setValue(e.texts, throttle.at, throttle.call, throttle.argument, throttle.usual);
    if (throttle.at.isDefault || edits.length === 0) continue;
    const trial = protocol(e, editVariant('optimizer-settings', edits, throttle.argument), twiceAsFar(lossSpan(e)));
    if (trial.kind === 'wants') return wants(`a re-run with another ${throttle.argument}`, ...trial.trials);
    if (trial.kind === 'unavailable' || !trial.helped || costsValidation(trial.after, trial.before)) continue;
    const words =
      `${throttle.argument} = ${asWritten(e, throttle.at)} ${throttle.effect} Re-run from the start with ${amount(throttle.usual)}, the probe loss ends at ` +
      `${lossAmount(trial.after.probeLoss.end)}, as written at ${lossAmount(trial.before.probeLoss.end)} (start ${lossAmount(trial.before.probeLoss.start)}). ${howTried(trial.after, e.run, trial.seeds)}`;
    const title = `Set ${throttle.argument} to ${amount(throttle.usual)}`;
    const fixes: readonly Fix[] = [{ title, edits: edits satisfies readonly TextEdit[], verified: verification(trial) }];
    return found(
      finding('optimizer-settings', trial.seeds < 2 ? 'information' : 'warning', throttle.at.place, words, {
        related: chainOf(throttle.at, throttle.argument),
        fixes,
      }),
    );
  }
  return passed;
}

const throttlesOf = (e: Evidence): readonly Throttle[] => [...clippingOf(e), ...settingsOf(e)];

function clippingOf(e: Evidence): readonly Throttle[] {
  const { loop, unit } = e.experiment;
  if (loop?.clipping == null || loop.clipping.limit.value >= suspicious.clipping) return [];
  const { limit, range, kind } = loop.clipping;
  const argument =
    unit.framework === 'keras'
      ? ({ norm: 'global_clipnorm', normEach: 'clipnorm', value: 'clipvalue' } as const)[kind]
      : kind === 'value'
        ? 'clip_value'
        : 'max_norm';
  const effect = 'cuts every gradient down to next to nothing, so that the steps are as small at any slope.';
  return [{ at: limit, call: range, argument, usual: 1, effect }];
}

function settingsOf(e: Evidence): readonly Throttle[] {
  const { optimizer } = e.experiment;
  if (optimizer === null) return [];
  const { kind, settings, call } = optimizer;
  const decay = 'weightDecay' in settings ? settings.weightDecay : null;
  const decayed = decay !== null && decay.value >= (kind === 'adamw' ? suspicious.decoupledDecay : suspicious.decay);
  const grouped = optimizer.groups.flatMap(({ weightDecay }) => groupDecay(e, kind === 'adamw', call, weightDecay));
  const beta1 = 'beta1' in settings && settings.beta1.value >= suspicious.beta1 ? settings.beta1 : null;
  const epsilon = 'epsilon' in settings && settings.epsilon.value >= suspicious.epsilon ? settings.epsilon : null;
  return [
    ...(decayed
      ? [
          {
            at: decay,
            call,
            argument: 'weight_decay',
            usual: 1e-4,
            effect: overpulls,
          },
        ]
      : grouped.slice(0, 1)),
    ...(beta1
      ? [
          {
            at: beta1,
            call,
            argument: 'beta1',
            usual: 0.9,
            effect: 'averages the gradient over so many steps that it hardly turns.',
          },
        ]
      : []),
    ...(epsilon
      ? [
          {
            at: epsilon,
            call,
            argument: 'eps',
            usual: 1e-8,
            effect: 'outweighs the gradients, so that the steps shrink with them.',
          },
        ]
      : []),
  ];
}

const overpulls = 'pulls the weights to 0 more strongly than the loss pulls them away.';

/** A group's own decay; scikit-learn's `alpha` is divided by the rows of a batch, and shown as it is written. */
function groupDecay(e: Evidence, decoupled: boolean, call: SourceRange, decay: Sourced<number> | undefined): readonly Throttle[] {
  if (decay === undefined || decay.isDefault || decay.value < (decoupled ? suspicious.decoupledDecay : suspicious.decay))
    return [];
  const inSklearn = e.experiment.unit.framework === 'sklearn';
  const written = Number(textAt(e.texts, decay.place) ?? NaN);
  const at = inSklearn && Number.isFinite(written) ? { ...decay, value: written } : decay;
  return [{ at, call, argument: inSklearn ? 'alpha' : 'weight_decay', usual: 1e-4, effect: overpulls }];
}
