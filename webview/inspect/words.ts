import type { Conditioning, InspectedConditioning } from '../../src/records/inspection/conditioning';
import type { InspectionCost, Uncertain } from '../../src/records/inspection/cost';
import type { CriticalPointSearch, InspectedPoint } from '../../src/records/inspection/point';
import type { InspectedEnd, InspectedVerdict, PointKind } from '../../src/records/inspection/verdict';
import type { InspectedGains } from '../../src/records/inspection/ways';
import { count, formatNumber, formatShare, groupThousands } from '../format';

/** A fact: what, how much, and what stands behind it. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

/** `12.3 ± 0.4`; without an error where none is known. */
export function uncertain({ value, error }: Uncertain): string {
  if (error === null) return `${formatNumber(value)} (error unknown)`;
  return error === 0 ? formatNumber(value) : `${formatNumber(value)} ± ${formatNumber(error)}`;
}

/**
 * A share with its error, as what it can be: `4 ± 1 %`; `under 8 %` where it cannot be told from none; in words where the error leaves
 * everything open.
 */
export function uncertainShare({ value, error }: Uncertain): string {
  if (error === 0) return formatShare(value);
  if (error === null || (value - error <= 0 && value + error >= 1)) return `${formatShare(value)} (error unknown)`;
  if (value - error <= 0) return `under ${formatShare(value + error)}`;
  if (value + error >= 1) return `over ${formatShare(value - error)}`;
  return `${formatShare(value).replace(' %', '')} ± ${formatShare(error)}`;
}

/** How a spectrum was come by. */
export const spectrumSource = (of: {
  readonly exact: boolean;
  readonly probes: number;
  readonly lanczosSteps: number;
}): string =>
  of.exact ? 'every eigenvalue computed' : `${count(of.probes, 'random vector')}, ${of.lanczosSteps} Lanczos steps each`;

/** The kind of point in a headline. */
export const kindTitles: Readonly<Record<PointKind, string>> = {
  saddle: 'Saddle point',
  minimum: 'Minimum',
  maximum: 'Maximum',
  flat: 'Flat',
  'undecided second order': 'Second order cannot decide',
  'not critical': 'Not a critical point',
};

/** The same where the search came near to a critical point, and not to it. */
export const nearlyTitles: Readonly<Record<Exclude<PointKind, 'not critical'>, string>> = {
  saddle: 'Nearly critical, bent as a saddle is',
  minimum: 'Nearly critical, bent as a minimum is',
  maximum: 'Nearly critical, bent as a maximum is',
  flat: 'Nearly critical, and flat',
  'undecided second order': 'Nearly critical: second order cannot decide',
};

/** Where one stands, in one line. */
export function describePoint(point: InspectedPoint): string {
  const { step, ofSteps, search, loss } = point;
  const place = `Step ${groupThousands(step)} of ${groupThousands(ofSteps)}`;
  if (!search) return `${place} · loss ${formatNumber(loss)}`;
  const ends = {
    critical: `Critical point ${formatNumber(search.distance)} away from step ${groupThousands(step)}`,
    nearly: `Nearly critical, ${formatNumber(search.distance)} away from step ${groupThousands(step)}: the gradient is small and fades slowly`,
    gradientFlat: `Where the gradient’s norm is smallest near step ${groupThousands(step)}, which is no critical point`,
    kinked: `No smooth critical point near step ${groupThousands(step)}: the gradient jumps here`,
    outward: `No critical point near step ${groupThousands(step)}: the loss falls on for ever further out`,
    stalled: `No critical point found near step ${groupThousands(step)}: no step makes the gradient smaller`,
    maximum: `No critical point found near step ${groupThousands(step)} in ${count(search.iterations, 'step')} of the search`,
    cancelled: `Where the search from step ${groupThousands(step)} was stopped`,
  };
  return `${ends[search.stopped]} · loss ${formatNumber(loss)}`;
}

/** Growth of the parameters' length, and what is left of the loss, from which on a search only went down and out. */
const [muchGrown, littleLeft] = [1.2, 0.5];

/** Why a search ended without a critical point, as far as its way tells; empty when it found one. */
export function describeSearch({ search, loss }: InspectedPoint): string[] {
  if (!search || search.stopped === 'critical' || search.stopped === 'cancelled') return [];
  const fell = loss < littleLeft * search.startLoss;
  if (search.stopped === 'outward' && search.outward) return [outwardWords(search.outward), outwardReason(search), bestPlace];
  if (search.stopped === 'outward' || (fell && search.grown > muchGrown && search.stopped !== 'kinked')) {
    const how = `loss and gradient fade together (the loss from ${formatNumber(search.startLoss)} to ${formatNumber(loss)}) while the weights grow (${formatNumber(search.grown)} times as long)`;
    return [`The search only went down and out: ${how}. ${outwardReason(search)}`, bestPlace];
  }
  if (search.stopped === 'nearly') {
    return [
      `The gradient’s norm is ${formatNumber(search.gradientNorm)} here, ${formatNumber(search.gradientNorm / search.gradientRounding)} times what rounding would leave, and hardly falls further: whether it has a zero near here is not known.${search.grown > muchGrown ? ` The weights are ${formatNumber(search.grown)} times as long as where the search began: where units saturate, gradients fade without one.` : ''}`,
      bestPlace,
    ];
  }
  if (search.stopped === 'kinked') {
    return [
      'Next to this point the gradient changes by jumps: units with kinks (ReLU, max pooling) switch on single rows. Its norm then has no smooth way to zero; the critical points of such a loss can lie on the kinks themselves, where no gradient exists.',
      bestPlace,
    ];
  }
  if (search.stopped === 'gradientFlat') {
    return [
      'What is left of the gradient lies in directions in which curvature vanishes, so that no Newton step sees it: its norm has a minimum there that is not zero.',
      bestPlace,
    ];
  }
  if (fell) return ['The search only went down the valley that the run is in: what is critical lies far from this step.'];
  return [bestPlace];
}

/** What was seen along the direction in which the loss falls for ever. */
function outwardWords({ name, multiples, losses, gradientNorms }: NonNullable<CriticalPointSearch['outward']>): string {
  const [seen, what] = losses === null ? [gradientNorms, 'gradient’s norm'] : [losses, 'loss'];
  const here = multiples.indexOf(0);
  const steps = seen.slice(here + 1).map((value) => value.toPrecision(6).replace(/\.?0+(e|$)/, '$1'));
  return `There is no critical point at a finite distance in the direction in which the search went: along ${name} the ${what}, ${formatNumber(seen[0] ?? NaN)} inward of this place and ${formatNumber(seen[here] ?? NaN)} here, is ${steps.join(', ')} at ${multiples.slice(here + 1).join(', ')} times that way further out, and rises nowhere beyond rounding.`;
}

const outwardReason = ({ accuracy }: CriticalPointSearch): string =>
  accuracy === 1
    ? 'Every row is answered right there: a cross-entropy then falls on for ever as the weights grow, and has no finite minimum.'
    : 'So it is where a net tells all classes, or one from the others, apart: a cross-entropy has no finite minimum then, whatever the other rows do.';

const bestPlace = 'What follows is of the place where the search ended, not of a critical point.';

/** Facts of the point itself. */
export function pointFacts(point: InspectedPoint): Fact[] {
  const { gradientNorm, gradientNoise, batchNoise, largestGradientNorm, largestAt, rows, ofRows, search } = point;
  const error = gradientNoise === null ? 'sampling error not known' : `sampling error ${formatNumber(gradientNoise)}`;
  const noise = rows < ofRows ? error : 'on all rows';
  return [
    {
      name: 'gradient norm',
      value: formatNumber(gradientNorm),
      note: `${noise}; largest seen ${formatNumber(largestGradientNorm)} at step ${groupThousands(largestAt)}`,
    },
    ...(batchNoise === null
      ? []
      : [{ name: 'noise of a batch', value: uncertain(batchNoise), note: 'typical error of its gradient' }]),
    ...(search
      ? [
          {
            name: 'search',
            value: count(search.iterations, 'step'),
            note: `gradient norm ${formatNumber(search.startGradientNorm)} to ${formatNumber(search.gradientNorm)} (rounding ${formatNumber(search.gradientRounding)}), ${count(search.applications, 'Hessian product')}, loss ${formatNumber(search.startLoss)} to ${formatNumber(point.loss)}, ${formatNumber(search.distance)} away`,
          },
        ]
      : []),
    { name: 'parameters', value: groupThousands(point.parameters), note: `norm ${formatNumber(point.parameterNorm)}` },
    { name: 'rows', value: groupThousands(rows), note: rows < ofRows ? `of ${groupThousands(ofRows)}` : 'all' },
  ];
}

/** Relative difference up to which two products of single precision count as equal. */
const rounding = 1e-5;

/** Facts of the spectrum's ends and of what was checked on the way. */
export function verdictFacts(verdict: InspectedVerdict): Fact[] {
  const { largest, smallest, missProbability, scaleDirections, scaleRates, asymmetry, probes } = verdict;
  const rising = probes.filter(({ trend }) => trend === 'rises').length;
  const falling = probes.filter(({ trend }) => trend === 'falls' || trend === 'crosses').length;
  return [
    { name: 'largest eigenvalue', value: uncertain(largest), note: endNote(largest, 'above', missProbability) },
    { name: 'smallest eigenvalue', value: uncertain(smallest), note: endNote(smallest, 'below', missProbability) },
    ...(probes.length > 0
      ? [
          {
            name: 'finite probes',
            value: String(probes.length),
            note: `${rising} rise, ${falling} fall, ${probes.length - rising - falling} level`,
          },
        ]
      : []),
    ...(scaleDirections > 0
      ? [{ name: 'taken out', value: count(scaleDirections, 'direction'), note: 'lengths of weights before a normalisation' }]
      : []),
    ...(scaleRates
      ? [
          {
            name: 'effective rate',
            value: `${formatNumber(scaleRates.least)} to ${formatNumber(scaleRates.most)}`,
            note: `η/‖w‖² of these weights, which turns them${scaleRates.turn === null ? '' : `; once decay and noise balance, each step turns them by √(2ηω) = ${formatNumber(scaleRates.turn)}`}`,
          },
        ]
      : []),
    ...(asymmetry === null
      ? []
      : [
          {
            name: 'symmetry of H',
            value: asymmetry <= rounding ? 'passed' : 'not passed',
            note: `uᵀHv and vᵀHu differ by ${formatNumber(asymmetry)} of their size; ${asymmetry <= rounding ? 'that is rounding' : `rounding would be under ${formatNumber(rounding)}`}`,
          },
        ]),
  ];
}

function endNote({ residual, bound }: InspectedEnd, side: 'above' | 'below', miss: number): string {
  const beyond =
    bound === null
      ? `nothing can be said of what lies ${side}`
      : `none ${side} ${formatNumber(bound)}, missed with probability ${miss}`;
  return `residual ${formatNumber(residual)}; ${beyond}`;
}

/** Facts of how stretched the surface is. */
export function conditioningFacts({ plain, preconditioned, diagonal }: InspectedConditioning): Fact[] {
  const whose = diagonal === 'optimizer' ? 'with the optimizer’s diagonal' : 'with Adam’s diagonal, estimated here';
  return [conditioningFact('condition number', plain), ...(preconditioned ? [conditioningFact(whose, preconditioned)] : [])];
}

function conditioningFact(name: string, { value, atLeast, effective }: Conditioning): Fact {
  const whole = value
    ? `whole spectrum ${uncertain(value)}`
    : `whole spectrum at least ${formatNumber(atLeast)}: the small end is not positive beyond its error`;
  if (!effective) return { name, value: value ? uncertain(value) : `≥ ${formatNumber(atLeast)}`, note: whole };
  return { name, value: uncertain(effective), note: `over 99 % of the positive part; ${whole}` };
}

/** Differences of losses under this share of them are rounding of single precision. */
const lossRounding = 2 ** -21;

/** A fall of the loss; in words where rounding hides it. */
const gained = (fall: number, rounding: number): string =>
  Math.abs(fall) <= rounding ? `none beyond rounding (${formatNumber(rounding)})` : formatNumber(fall);

/** Facts of what single steps gain from a point of that loss. */
export function gainFacts({ ownStep, gradientStep, newton }: InspectedGains, loss: number): Fact[] {
  const rounding = lossRounding * Math.abs(loss);
  return [
    ...(ownStep === null ? [] : [{ name: 'own next step gains', value: gained(ownStep, rounding), note: 'on these rows' }]),
    gradientStep
      ? {
          name: 'best gradient step',
          value: gained(gradientStep.measured, rounding),
          note: `rate ${formatNumber(gradientStep.rate)}; ${formatNumber(gradientStep.predicted)} foretold`,
        }
      : { name: 'best gradient step', value: 'none', note: 'the loss does not curve upwards along the gradient' },
    newton
      ? {
          name: 'damped Newton step',
          value: gained(newton.measured, rounding),
          note: `damping ${formatNumber(newton.damping)}, length ${formatNumber(newton.length)}; ${formatNumber(newton.predicted)} foretold${newton.negativeCurvature ? '; ended at negative curvature' : ''}`,
        }
      : { name: 'damped Newton step', value: 'none', note: 'no damping made the loss fall' },
  ];
}

/** What a part took: `32 products, 17 losses, 0.1 s`. */
export function describeCost({ applications, evaluations, milliseconds }: InspectionCost): string {
  return [
    applications > 0 ? count(applications, 'Hessian product') : '',
    evaluations > 0 ? `${groupThousands(evaluations)} loss evaluation${evaluations === 1 ? '' : 's'}` : '',
    `${formatNumber(milliseconds / 1000)} s`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
