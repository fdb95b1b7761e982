import type { ProbeResult } from './finiteProbes';
import type { LanczosResult } from './lanczos';

/** Curvature along a direction on other rows than those that it was found on, with the half width of its 95 % interval. */
export interface CurvatureElsewhere {
  readonly rows: number;
  readonly value: number;
  readonly error: number;
}

/** What is known of a point of the run. */
export interface CriticalPointEvidence {
  /** ‖g‖ of the loss that is trained, an L2 term included. */
  readonly gradientNorm: number;
  /** Standard error of the gradient's norm from the rows it was taken on, √(tr Σ/rows); 0 on all data, null where it is not known. */
  readonly gradientNoise: number | null;
  /** The largest ‖g‖ of the run. The start may be the saddle, so the start's is not enough. */
  readonly largestGradientNorm: number;
  /**
   * What lies between here and the critical point of the second-order model within reach (`gainWithinReach`), over the loss.
   * A run that begins at a saddle has no large gradient to compare with; absent: not looked at.
   */
  readonly gradientGain?: number;
  /** Why the gradient is known to have no zero near here, however small it is: it goes on after "but". Absent: not known. */
  readonly noZero?: string;
  /** Both ends at this point, scale directions of normalisation layers and parameters of dead units projected out. */
  readonly spectrum: LanczosResult;
  /** Parameters of units that are zero on every row: nothing changes along them near here, and they were left out. Default 0. */
  readonly deadParameters?: number;
  /** vᵀHv for the eigenvector v of the smallest, on rows that it was not found on; null where these are all, or it was not measured. */
  readonly elsewhere?: CurvatureElsewhere | null;
  /** Loss at finite distances; null when none were measured. */
  readonly probes: readonly ProbeResult[] | null;
  /** Loss here, and what counts as flat beside it. */
  readonly loss: number;
  /** Length of θ that a sensible step could go, for calling something flat: ½λr² is compared with the loss. */
  readonly reach: number;
  /** False for losses and activations with kinks, whose second derivative leaves out what a step crosses. */
  readonly smooth: boolean;
  /** Rounding of the operator over its norm. Default 1e-6. */
  readonly operatorNoise?: number;
}

/** The kinds of point. */
export type CriticalPointKind = 'saddle' | 'minimum' | 'maximum' | 'flat' | 'undecided second order' | 'not critical';

/** A verdict with what it rests on and what it could have missed, as sentences. */
export interface CriticalPointVerdict {
  readonly kind: CriticalPointKind;
  /** Whether the point is only near a critical one: its gradient is small for what it leads to alone, or leads to a good part of the loss. */
  readonly nearly: boolean;
  readonly reasons: readonly string[];
  readonly couldHaveMissed: readonly string[];
}

/** Curvature that is less than this share of the largest counts as not missed: a bound closer to zero is asked of nobody. */
const resolution = 1e-3;

/**
 * Names a point from what was measured there. A Rayleigh quotient below zero proves negative curvature, so a saddle needs two signs
 * only; a minimum needs positive curvature down to the bound on what Lanczos may have missed, and that the loss rises on finite
 * probes too; with a smallest eigenvalue of zero to precision second order cannot decide.
 */
export function criticalPoint(evidence: CriticalPointEvidence): CriticalPointVerdict {
  const gradient = gradientReason(evidence);
  if (!gradient.critical) return { kind: 'not critical', nearly: false, reasons: [gradient.reason], couldHaveMissed: [] };
  if (evidence.noZero !== undefined)
    return { kind: 'not critical', nearly: false, reasons: [gradient.reason, `but ${evidence.noZero}`], couldHaveMissed: [] };
  const verdict = secondOrder(evidence);
  const missed = [...verdict.couldHaveMissed];
  if (evidence.gradientNoise !== 0) missed.push('the gradient on all rows may differ from the one on these');
  const { deadParameters = 0 } = evidence;
  const apart: string[] = [];
  if (deadParameters > 0) {
    apart.push(`flat in ${deadParameters} directions, those of units that are zero on every row; in all others:`);
    missed.push('what happens further away, where units that are zero on every row wake up');
  }
  return {
    kind: verdict.kind,
    nearly: gradient.nearly,
    reasons: [gradient.reason, ...apart, ...verdict.reasons],
    couldHaveMissed: missed,
  };
}

function show(x: number): string {
  const rounded = Number(x.toPrecision(3));
  return x !== 0 && Math.abs(x) < 1e-3 ? rounded.toExponential() : rounded.toString();
}

/** Where all rows were measured there is no noise of a choice of them; batches go on to have theirs. */
const noiseWords = (noise: number | null): string =>
  noise === null ? 'noise not known' : noise === 0 ? 'on all rows' : `noise ${show(noise)}`;

/** Share of the loss under which the gradient gains nothing to speak of. */
const negligibleGain = 1e-4;
/** Share of the loss from which on a gradient that vanishes beside the run's still leads somewhere. */
const notableGain = 0.01;

/**
 * Small against the run: a thousandth of its largest norm, or under its own noise and, squared, a thousandth of the largest; or small
 * in what it could gain.
 */
function gradientReason(evidence: CriticalPointEvidence): {
  readonly critical: boolean;
  readonly nearly: boolean;
  readonly reason: string;
} {
  const { gradientNorm: g, gradientNoise: noise, largestGradientNorm: largest } = evidence;
  const beside = `gradient norm ${show(g)}, ${noiseWords(noise)}, largest of the run ${show(largest)}`;
  const gain = evidence.gradientGain ?? Infinity;
  if (g <= 1e-3 * largest || g === 0) {
    const nearly = gain > notableGain && gain < Infinity;
    const still = nearly ? `, though ${show(gain)} of the loss may still be won with it` : '';
    return { critical: true, nearly, reason: `${beside}: vanishes beside the run's${still}` };
  }
  if (noise !== null && g <= noise && g * g <= 1e-3 * largest * largest)
    return { critical: true, nearly: false, reason: `${beside}: cannot be told from noise` };
  if (gain < negligibleGain)
    return { critical: true, nearly: true, reason: `${beside}: all that it leads to is ${show(gain)} of the loss` };
  return { critical: false, nearly: false, reason: `${beside}: the gradient does not vanish` };
}

/** What rounding may make of an eigenvalue of zero: three times that of the operator, which is 1e-6 of its norm where nothing else is known. */
function roundingOf({ largest, smallest }: LanczosResult, operatorNoise = 1e-6): number {
  return 3 * operatorNoise * Math.max(Math.abs(largest.value), Math.abs(smallest.value));
}

/** Whether curvature below zero was seen: a Rayleigh quotient below zero proves it, however large its residual is. */
export const negativeBeyondRounding = (spectrum: LanczosResult, operatorNoise?: number): boolean =>
  spectrum.smallest.value < -roundingOf(spectrum, operatorNoise);

/** Of what curvature and finite probes say. */
type SecondOrderVerdict = Omit<CriticalPointVerdict, 'nearly'>;

function secondOrder(evidence: CriticalPointEvidence): SecondOrderVerdict {
  const { largest, smallest, missProbability } = evidence.spectrum;
  if (!Number.isFinite(largest.value) || !Number.isFinite(smallest.value)) {
    return undecided(['the spectrum was not measured']);
  }
  const magnitude = Math.max(Math.abs(largest.value), Math.abs(smallest.value));
  const rounding = roundingOf(evidence.spectrum, evidence.operatorNoise);
  const ends = `eigenvalues from ${show(smallest.value)} to ${show(largest.value)} (residuals ${show(smallest.residual)}, ${show(largest.residual)})`;
  const below = `an eigenvalue below ${show(smallest.bound)}, with probability ${missProbability}`;
  const above = `an eigenvalue above ${show(largest.bound)}, with probability ${missProbability}`;
  const probes = sortProbes(evidence.probes);

  if (!evidence.smooth) {
    return undecided([ends, 'the loss has kinks, which the second derivative leaves out', ...probes.sentences], [below, above]);
  }
  if (0.5 * magnitude * evidence.reach ** 2 <= 1e-6 * Math.abs(evidence.loss) || magnitude === 0) {
    return flatOrHigherOrder(ends, probes, [below, above]);
  }
  const up = largest.value > rounding;
  const down = negativeBeyondRounding(evidence.spectrum, evidence.operatorNoise);
  if (up && down) return saddleOrNot(evidence, `${ends}: curvature of both signs`, below);
  if (down) return maximumOrNot(evidence, ends, rounding, probes, above);
  if (smallest.value <= rounding) {
    if (probes.falls.length > 0) {
      return {
        kind: 'saddle',
        reasons: [`${ends}: the smallest is zero to precision`, ...probes.sentences],
        couldHaveMissed: [below],
      };
    }
    return undecided([`${ends}: the smallest is zero to precision`, ...probes.sentences], [below]);
  }
  return minimumOrNot(evidence, ends, magnitude, probes, below);
}

/** A direction is chosen for curving down most on some rows; whether it does on others is asked of these. */
function saddleOrNot({ elsewhere }: CriticalPointEvidence, reason: string, below: string): SecondOrderVerdict {
  if (!elsewhere) return { kind: 'saddle', reasons: [reason], couldHaveMissed: [below] };
  const { rows, value, error } = elsewhere;
  const there = `on ${rows} other rows the curvature along the lowest direction is ${show(value)} ± ${show(error)}`;
  if (value + error < 0) return { kind: 'saddle', reasons: [reason, `${there}: negative there too`], couldHaveMissed: [below] };
  return undecided([reason, `but ${there}: whether all rows together curve down is not known`], [below]);
}

function flatOrHigherOrder(ends: string, probes: SortedProbes, missed: readonly string[]): SecondOrderVerdict {
  const reason = `${ends}: too small to change the loss within reach`;
  if (probes.falls.length > 0 && probes.rises.length > 0) {
    return { kind: 'saddle', reasons: [reason, ...probes.sentences], couldHaveMissed: missed };
  }
  if (probes.falls.length > 0 || probes.rises.length > 0) return undecided([reason, ...probes.sentences], missed);
  return { kind: 'flat', reasons: [reason, ...probes.sentences], couldHaveMissed: missed };
}

function maximumOrNot(
  evidence: CriticalPointEvidence,
  ends: string,
  rounding: number,
  probes: SortedProbes,
  above: string,
): SecondOrderVerdict {
  const { largest } = evidence.spectrum;
  if (probes.rises.length > 0 || probes.dips.length > 0) {
    return { kind: 'saddle', reasons: [`${ends}: no positive curvature seen`, ...probes.sentences], couldHaveMissed: [above] };
  }
  if (largest.value >= -rounding) return undecided([`${ends}: the largest is zero to precision`, ...probes.sentences], [above]);
  if (largest.bound > 0) return undecided([`${ends}: all negative as far as seen`, ...probes.sentences], [above]);
  return {
    kind: 'maximum',
    reasons: [`${ends}: curvature is negative in every direction`, ...probes.sentences],
    couldHaveMissed: [above],
  };
}

function minimumOrNot(
  evidence: CriticalPointEvidence,
  ends: string,
  magnitude: number,
  probes: SortedProbes,
  below: string,
): SecondOrderVerdict {
  const { smallest } = evidence.spectrum;
  if (probes.falls.length > 0) {
    return undecided([`${ends}: positive as far as seen, but the loss falls on a finite probe`, ...probes.sentences], [below]);
  }
  if (smallest.bound < -resolution * magnitude) {
    return undecided([`${ends}: positive as far as seen, which is not far enough`, ...probes.sentences], [below]);
  }
  if (evidence.probes === null || probes.rises.length + probes.dips.length === 0) {
    return undecided([`${ends}: positive, but no finite probe was seen to rise`], [below]);
  }
  return {
    kind: 'minimum',
    reasons: [`${ends}: positive in every direction`, ...probes.sentences],
    couldHaveMissed: [below, ...probes.dips.map((name) => `a lower region beyond the rim along ${name}`)],
  };
}

const undecided = (reasons: readonly string[], couldHaveMissed: readonly string[] = []): SecondOrderVerdict => ({
  kind: 'undecided second order',
  reasons,
  couldHaveMissed,
});

interface SortedProbes {
  readonly falls: readonly string[];
  readonly rises: readonly string[];
  readonly dips: readonly string[];
  readonly sentences: readonly string[];
}

function sortProbes(probes: readonly ProbeResult[] | null): SortedProbes {
  const of = (trend: ProbeResult['trend']): string[] =>
    (probes ?? []).filter((probe) => probe.trend === trend).map(({ name }) => name);
  const [crosses, dips, level] = [of('crosses'), of('dips'), of('level')];
  const falls = [...of('falls'), ...crosses];
  const rises = [...of('rises'), ...crosses];
  const sentences: string[] = [];
  if (falls.length > 0) sentences.push(`the loss falls along ${falls.slice(0, 3).join('; ')}`);
  if (rises.length > 0) sentences.push(`the loss rises on ${rises.length} of ${(probes ?? []).length} finite probes`);
  if (level.length > 0) sentences.push(`no change of loss can be told on ${level.length} finite probes`);
  return { falls, rises, dips, sentences };
}
