import type { InspectedMinima } from '../../src/records/inspection/minima';
import type { InspectedFrame } from '../../src/records/inspection/spectrum';
import { formatNumber, formatShare, groupThousands } from '../format';
import { drawingOfHeat, type Drawing } from './drawing';
import type { Picture } from './picture';
import type { Fact } from './words';
import { spectrumSource, uncertain, uncertainShare } from './words';

/** The spectrum at one step, on axes that hold those of all steps. */
export function framePicture(frame: InspectedFrame, all: readonly InspectedFrame[]): Picture {
  const low = Math.min(...all.map(({ edges }) => edges[0] as number));
  const high = Math.max(...all.map(({ edges }) => edges[edges.length - 1] as number));
  const inmost = Math.min(...all.map(({ edges }) => Math.min(...[...edges].map(Math.abs))));
  const least = Math.min(...all.flatMap(({ shares }) => [...shares].filter((share) => share > 0)));
  return {
    id: 'frame',
    title: 'Spectrum along the run',
    xTitle: 'eigenvalue, logarithmic both ways',
    yTitle: 'share of the eigenvalues',
    lines: [],
    bars: { label: 'share', edges: frame.edges, values: frame.shares, errors: frame.errors },
    marks: [],
    xThreshold: inmost,
    logValues: true,
    xRange: [low, high],
    yRange: [Math.max(1e-7, 10 ** Math.floor(Math.log10(least))), 1],
    note: `step ${groupThousands(frame.step)} · ${endsOf(frame)} · ${uncertainShare(frame.negative)} negative · ${spectrumSource(frame)}`,
  };
}

/** Both ends; those of a sample of directions lie inside of the true ones. */
function endsOf({ smallest, largest, exact }: InspectedFrame): string {
  const [low, high] = [formatNumber(smallest), formatNumber(largest)];
  return exact ? `from ${low} to ${high}` : `from ${low} or less to ${high} or more`;
}

/** The largest eigenvalue of each layer over the steps of the frames, as a heat map; cells without a frame yet are empty. */
export function layersDrawing(frames: readonly InspectedFrame[]): Drawing | null {
  const [first] = frames;
  if (!first) return null;
  const { steps } = first;
  const rows = first.layers.map(({ name }) => name);
  const byStep = new Map(frames.map((frame) => [frame.step, frame]));
  const cells = (of: (layer: InspectedFrame['layers'][number]) => number): Float64Array =>
    Float64Array.from({ length: rows.length * steps.length }, (_, i) => {
      const layer = byStep.get(steps[i % steps.length] as number)?.layers[Math.floor(i / steps.length)];
      return layer ? of(layer) : NaN;
    });
  const values = cells(({ largest }) => largest);
  const positive = values.filter((value) => value > 0);
  const [low, high] = [Math.min(...positive), Math.max(...positive)];
  const last = byStep.get(Math.max(...byStep.keys())) ?? first;
  const steepest = last.layers.reduce(
    (most, layer) => (layer.largest > most.largest ? layer : most),
    last.layers[0] ?? { name: '', largest: NaN, error: null },
  );
  const span =
    positive.length > 0 ? `${formatNumber(low)} (pale) to ${formatNumber(high)} (strong), by the logarithm` : 'none is positive';
  return drawingOfHeat(
    {
      rows,
      columns: steps.map(groupThousands),
      columnTitle: 'step',
      values,
      errors: cells(({ error }) => error ?? NaN),
      low,
      high,
    },
    {
      title: 'Largest eigenvalue of each layer',
      note: span,
      summary: `Largest eigenvalue of the Hessian’s block on each of ${rows.length} layers at ${steps.length} steps, ${span}. At step ${groupThousands(last.step)} the steepest is ${steepest.name} with ${uncertain({ value: steepest.largest, error: steepest.error })}.`,
    },
    steps,
  );
}

const seedHues = ['blue', 'green', 'purple'] as const;

/** The loss on the straight lines between the end of the run and those of others. */
export function minimaPicture({ lines, loss, steps }: InspectedMinima): Picture {
  return {
    id: 'minima',
    title: 'Between the ends of runs from other seeds',
    xTitle: 'share of the way from this run’s end to the other’s',
    yTitle: 'loss',
    lines: lines.flatMap(({ seed, positions, losses, matched }, i) => {
      const hue = { token: seedHues[i % seedHues.length] ?? 'blue' };
      const straight = {
        label: `seed ${groupThousands(seed)}`,
        hue,
        dash: 'solid' as const,
        x: positions,
        y: losses,
        spans: true,
      };
      const ordered = {
        label: 'units matched',
        hue,
        dash: 'dashed' as const,
        x: positions,
        y: matched?.losses ?? losses,
        spans: true,
      };
      return matched ? [straight, ordered] : [straight];
    }),
    bars: null,
    marks: [],
    xThreshold: null,
    logValues: false,
    note: `each trained for ${groupThousands(steps)} steps; this run ends at ${formatNumber(loss)}`,
  };
}

/** What the barriers mean. */
export function describeMinima({ lines, loss }: InspectedMinima): string[] {
  const barrier = Math.max(...lines.map((line) => line.barrier));
  const matched = lines.flatMap((line) => (line.matched ? [line.matched.barrier] : []));
  const lowest = Math.max(...matched);
  // Under a hundredth of the loss the ends are as good as joined.
  const none = (height: number): boolean => height <= 0.01 * Math.max(Math.abs(loss), 1e-6);
  if (none(barrier)) return ['No barrier on the straight lines: the runs end in one valley.'];
  const apart = `On the straight lines the loss rises by up to ${formatNumber(barrier)} above the ends: they lie in different valleys.`;
  if (matched.length === 0) return [apart];
  return [
    apart,
    none(lowest)
      ? 'With the hidden units put in the order that matches there is no barrier: the minima are the same but for the order of their units.'
      : lowest < barrier
        ? `With the hidden units put in the order that matches, ${formatNumber(lowest)} is left: ${formatShare(1 - lowest / barrier)} of the barrier was the order of the units alone.`
        : 'Putting the hidden units in the order that matches does not lower it.',
  ];
}

/** Facts of each line. */
export function minimaFacts({ lines }: InspectedMinima): Fact[] {
  return lines.map(({ seed, loss, barrier, matched }) => ({
    name: `seed ${groupThousands(seed)}`,
    value: `barrier ${formatNumber(barrier)}`,
    note: `ends at ${formatNumber(loss)}${matched ? `; ${formatNumber(matched.barrier)} with ${matched.moved} of ${matched.units} units moved` : ''}`,
  }));
}

/** Share and count of negative eigenvalues: the index. */
export function indexFact(negative: InspectedFrame['negative'], parameters: number): Fact {
  const about = Math.round(negative.value * parameters);
  const told = negative.error !== null && (negative.error === 0 || negative.value > negative.error);
  return {
    name: 'index',
    value: uncertainShare(negative),
    note: `of the eigenvalues are negative${told ? `, about ${groupThousands(about)} of ${groupThousands(parameters)}` : ''}`,
  };
}
