import type { InspectedRavine } from '../../src/records/inspection/ravine';
import type { BranchCurve, RemedyKind, TriedRemedy } from '../../src/records/inspection/remedies';
import { formatNumber, formatShare } from '../format';
import type { Picture, PictureLine } from './picture';
import { uncertain, uncertainShare, type Fact } from './words';

/** What is left of the loss, by the curvature of the directions that hold it. */
export function modesPicture(ravine: InspectedRavine): Picture | null {
  const { edges, shares, shareErrors, slowBelow, preconditioned, slowShare } = ravine;
  const lowest = edges[0];
  if (lowest === undefined || shares.length === 0) return null;
  const isInside = slowBelow > lowest && slowBelow < (edges[edges.length - 1] as number);
  return {
    id: 'modes',
    title: 'Which directions hold what is left of the loss',
    xTitle: preconditioned ? 'curvature in the optimizer’s metric' : 'curvature',
    yTitle: 'share of what is left',
    lines: [],
    bars: { label: 'share', edges, values: shares, errors: shareErrors },
    marks: isInside ? [{ x: slowBelow, label: 'left of here: too slow' }] : [],
    xThreshold: lowest,
    logValues: false,
    xRange: [lowest, edges[edges.length - 1] as number],
    note: slowShare === null ? '' : `${uncertainShare(slowShare)} in directions that the script is too short for`,
  };
}

/** Facts of the ravine: where the loss lies, how the steps lie in it, and the momentum for it. */
export function ravineFacts({ left, slowShare, slowBelow, undecided, path, best }: InspectedRavine): Fact[] {
  const facts: Fact[] = [];
  if (slowShare !== null) {
    facts.push({
      name: 'slow directions',
      value: `${uncertainShare(slowShare)} of what is left`,
      note: `in curvatures under ${formatNumber(slowBelow)}, which the whole script does not learn at this rate`,
    });
  }
  if (path) {
    facts.push(
      {
        name: 'steep direction',
        value: `${formatShare(path.stiffShare)} of the way`,
        note: `of the next ${path.steps} steps; ${formatShare(path.stiffProgress)} of it is kept, ${formatShare(path.alternation)} of the steps turn round`,
      },
      {
        name: 'all others',
        value: `${formatShare(path.floorProgress)} kept`,
        note: 'of the way across the steep direction: the progress along the floor',
      },
    );
  }
  if (best) {
    facts.push({
      name: 'best momentum',
      value: formatNumber(best.momentum),
      note: `on the second-order model, at rate ${formatNumber(best.rate)}, for curvatures from ${formatNumber(best.flattest)} (nine tenths of what is left lie above) to ${formatNumber(best.stiffest)}`,
    });
  }
  facts.push({
    name: 'left in the model',
    value: left.error !== null && left.error >= left.value ? `not told: ${uncertain(left)}` : uncertain(left),
    note: `what the second-order model still loses${undecided > 0.005 ? `; ${formatShare(undecided)} of the squared gradient lies where it does not curve upwards, and is not in it` : ''}; from one Lanczos run from the gradient, errors by how it went on changing`,
  });
  return facts;
}

const remedyTitles: Readonly<Record<RemedyKind, string>> = {
  momentum: 'Momentum',
  adam: 'Adam',
  'normalised inputs': 'Normalised inputs',
  'batch norm': 'Batch norm',
};
const remedyHues: Readonly<Record<RemedyKind, PictureLine['hue']>> = {
  momentum: { token: 'orange' },
  adam: { token: 'green' },
  'normalised inputs': { token: 'blue' },
  'batch norm': { token: 'purple' },
};

/** The title of a remedy's card. */
export const remedyTitle = (remedy: RemedyKind): string => remedyTitles[remedy];

/** The loss with a remedy and without it; remedies that begin at the same place have the same axes. */
export function remedyPicture(tried: TriedRemedy, all: readonly TriedRemedy[]): Picture | null {
  const { remedy, from, curve, asItIs } = tried;
  if (!curve || !asItIs) return null;
  const beside = all.filter((other) => other.from === from).flatMap((other) => [other.curve, other.asItIs]);
  const losses = beside.flatMap((column) => (column ? [...column.losses] : [])).filter(Number.isFinite);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  // A branch that blows up is not to press the others flat.
  const start = asItIs.losses[0] ?? high;
  const top = Math.min(high, Math.max(2 * start, 1.5 * Math.max(...[...asItIs.losses].filter(Number.isFinite))));
  const isWide = low > 0 && top > 20 * low;
  return {
    id: `remedy-${remedy}`,
    title: remedyTitles[remedy],
    xTitle: from === 'here' ? 'steps from here' : 'steps from first values',
    yTitle: 'loss',
    lines: [
      {
        label: remedyTitles[remedy].toLowerCase(),
        hue: remedyHues[remedy],
        dash: 'solid',
        x: curve.steps,
        y: curve.losses,
        spans: true,
      },
      { label: 'as it is', hue: { token: 'foreground' }, dash: 'dashed', x: asItIs.steps, y: asItIs.losses, spans: true },
    ],
    bars: null,
    marks: [],
    xThreshold: null,
    logValues: isWide,
    yRange: isWide ? [low, top] : [Math.min(0, low), top],
    note: remedyNote(curve, asItIs),
  };
}

function remedyNote(curve: BranchCurve, asItIs: BranchCurve): string {
  const last = ({ losses }: BranchCurve): number => losses[losses.length - 1] ?? NaN;
  const steps = asItIs.steps[asItIs.steps.length - 1] ?? 0;
  if (!Number.isFinite(last(curve))) return `diverges after ${formatNumber(curve.steps[curve.steps.length - 1])} steps`;
  return `${formatNumber(last(asItIs))} → ${formatNumber(last(curve))} after ${formatNumber(steps)} steps`;
}
