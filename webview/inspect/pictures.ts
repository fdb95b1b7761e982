import type { InspectedConvexity } from '../../src/records/inspection/minima';
import type { InspectedSlice, SliceDirection } from '../../src/records/inspection/slice';
import type { InspectedDensity } from '../../src/records/inspection/spectrum';
import type { InspectedEscape } from '../../src/records/inspection/ways';
import { formatNumber } from '../format';
import type { Picture, PictureLine } from './picture';
import { spectrumSource, uncertain, uncertainShare } from './words';

const sliceTitles: Readonly<Record<SliceDirection, string>> = {
  gradient: 'Downhill along the gradient',
  step: 'Along the optimizer’s step',
  path: 'From here to the run’s own point',
  top: 'Along the top eigenvector',
  bottom: 'Along the bottom eigenvector',
};

/** The loss along a line, with what its first and second derivative foretell. */
export function slicePicture(slice: InspectedSlice): Picture {
  const { direction, positions, losses, loss, slope, curvature } = slice;
  const model = (order: 1 | 2): Float64Array =>
    positions.map((t) => loss + slope * t + (order === 2 ? 0.5 * curvature * t * t : 0));
  const title = slice.made === 'last' ? 'Along the optimizer’s last step' : sliceTitles[direction];
  return {
    id: `slice-${direction}`,
    title,
    xTitle: { distance: 'distance', step: 'steps of this length', path: 'share of the way' }[slice.unit],
    yTitle: 'loss',
    lines: [
      line('loss', { token: 'blue' }, 'solid', positions, losses, true),
      line('first order', { token: 'yellow' }, 'dotted', positions, model(1), false),
      line('second order', { token: 'orange' }, 'dashed', positions, model(2), false),
    ],
    bars: null,
    marks: [{ x: 0, label: 'here' }, ...(slice.unit === 'step' ? [{ x: 1, label: 'step' }] : [])],
    xThreshold: null,
    logValues: false,
    note: sliceNote(slice),
  };
}

function sliceNote({ parts, slope, curvature }: InspectedSlice): string {
  if (!parts) return `slope ${formatNumber(slope)}, curvature ${formatNumber(curvature)}`;
  const at = (order: string, place: number | null): string =>
    place === null ? `${order} order holds to twice the step` : `${order} order parts at ${formatNumber(place)} of it`;
  return `${at('first', parts.firstOrder)}, ${at('second', parts.secondOrder)}`;
}

/** Shares of the eigenvalues over their size. */
export function densityPicture(density: InspectedDensity): Picture {
  const { edges, shares, errors, noiseFloor, negative } = density;
  return {
    id: 'density',
    title: 'Spectrum of the Hessian',
    xTitle: 'eigenvalue, logarithmic both ways',
    yTitle: 'share of the eigenvalues',
    lines: [],
    bars: { label: 'share', edges, values: shares, errors },
    marks: [],
    xThreshold: noiseFloor,
    logValues: true,
    note: `${uncertainShare(negative)} negative · ${spectrumSource(density)} · trace ${uncertain(density.trace)}`,
  };
}

const branchLooks: Readonly<Record<string, Pick<PictureLine, 'hue' | 'dash'>>> = {
  'as it is': { hue: { token: 'foreground' }, dash: 'solid' },
  step: { hue: { token: 'green' }, dash: 'dashed' },
  noise: { hue: { token: 'blue' }, dash: 'dotted' },
  momentum: { hue: { token: 'orange' }, dash: 'dashed' },
};

/** The loss on the ways out of a saddle that were tried. */
export function branchPicture({ branches }: InspectedEscape): Picture {
  const lines = branches.map(({ way, steps, losses }) => {
    const look = branchLooks[way] ?? { hue: { token: 'purple' }, dash: 'solid' };
    return line(way, look.hue, look.dash, steps, losses, true);
  });
  const values = branches.flatMap(({ losses }) => [...losses]).filter(Number.isFinite);
  const low = Math.min(...values);
  return {
    id: 'branches',
    title: 'Ways out, tried from here',
    xTitle: 'optimizer steps from here',
    yTitle: 'loss',
    lines,
    bars: null,
    marks: [],
    xThreshold: null,
    logValues: low > 0 && Math.max(...values) > 100 * low,
    note: branches.map(({ way, leftAt }) => `${way}: ${leftAt === null ? 'stays' : `out after ${leftAt}`}`).join(' · '),
  };
}

/** The loss between two copies of the point with permuted units, against the chord. */
export function chordPicture({ chord }: InspectedConvexity): Picture | null {
  if (!chord) return null;
  const { positions, losses, layer } = chord;
  const [first = NaN] = losses;
  const last = losses[losses.length - 1] ?? NaN;
  return {
    id: 'chord',
    title: 'Between two copies of this point',
    xTitle: `share of the way to the units of ${layer} in another order`,
    yTitle: 'loss',
    lines: [
      line('loss', { token: 'blue' }, 'solid', positions, losses, true),
      line(
        'chord',
        { token: 'foreground' },
        'dashed',
        positions,
        positions.map((t) => (1 - t) * first + t * last),
        true,
      ),
    ],
    bars: null,
    marks: [],
    xThreshold: null,
    logValues: false,
    note: chord.above > 0 ? `up to ${formatNumber(chord.above)} above the chord` : '',
  };
}

function line(
  label: string,
  hue: PictureLine['hue'],
  dash: PictureLine['dash'],
  x: Float64Array,
  y: Float64Array,
  spans: boolean,
): PictureLine {
  return { label, hue, dash, x, y, spans };
}
