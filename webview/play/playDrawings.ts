import { count, formatNumber, groupThousands } from '../format';
import { drawingOfPicture, drawingOfSurface, type Drawing, type DrawnWay } from '../inspect/drawing';
import type { Picture, PictureLine } from '../inspect/picture';
import { describePlace } from '../inspect/surfaceView';
import type { PlayedOptimizer } from './optimizers';
import type { Problem, Way } from './problem';

/** Names of the optimizers, as they are shown. */
export const optimizerNames: Readonly<Record<PlayedOptimizer, string>> = {
  gd: 'gradient descent',
  momentum: 'momentum',
  rmsprop: 'RMSprop',
  adam: 'Adam',
};
const looks: Readonly<Record<PlayedOptimizer, Pick<DrawnWay, 'hue' | 'dash'>>> = {
  gd: { hue: { token: 'foreground' }, dash: 'solid' },
  momentum: { hue: { token: 'orange' }, dash: 'solid' },
  rmsprop: { hue: { token: 'purple' }, dash: 'solid' },
  adam: { hue: { token: 'green' }, dash: 'solid' },
};

/** An optimizer's look. */
export const lookOf = (optimizer: PlayedOptimizer): Pick<DrawnWay, 'hue' | 'dash'> => looks[optimizer];

/** How an optimizer ended, in words. */
export function describeWay({ losses, ended }: Way): string {
  const steps = losses.length - 1;
  if (steps < 0) return 'starts outside of the picture';
  const last = formatNumber(losses[steps]);
  return ended === 'outside'
    ? `leaves the picture after ${count(steps + 1, 'step')}`
    : `loss ${last} after ${groupThousands(steps)}`;
}

const spoken = (ways: readonly Way[]): string =>
  ways.map((way) => `${optimizerNames[way.optimizer]}: ${describeWay(way)}`).join('; ');
const drawn = (way: Way): DrawnWay => ({ label: optimizerNames[way.optimizer], ...looks[way.optimizer], ...way });

/** The problem from above with the ways on it: a contour picture, or the curve of a single parameter. */
export function planDrawing(problem: Problem, ways: readonly Way[]): Drawing {
  const { surface, title, note } = problem;
  if (surface.ys.length === 1) return drawingOfPicture(curvePicture(problem, ways));
  const drawing = drawingOfSurface(surface, title, 0);
  return {
    ...drawing,
    note,
    // The run's own way is not drawn here.
    describe: ([column, row]) => describePlace(surface, column, row),
    summary: `${drawing.summary} ${spoken(ways)}. Enter lets them start at the place of the cursor.`,
    legend: ways.map(drawn).map(({ label, hue, dash }) => ({ label, hue, dash })),
    content: { kind: 'surface', surface, ways: ways.map(drawn) },
  };
}

function curvePicture({ surface, title, note }: Problem, ways: readonly Way[]): Picture {
  const { xs, losses, xTitle } = surface;
  const curve: PictureLine = { label: 'loss', hue: { token: 'blue' }, dash: 'solid', x: xs, y: losses, spans: true };
  const lines = ways
    .map(drawn)
    .map(({ label, hue, dash, x, losses: y }): PictureLine => ({ label, hue, dash, x, y, spans: false, isWay: true }));
  return {
    id: 'play-curve',
    title,
    xTitle,
    yTitle: 'loss',
    lines: [curve, ...lines],
    bars: null,
    marks: [],
    xThreshold: null,
    logValues: false,
    note: `${note}. ${spoken(ways)}`,
  };
}

/** The problem as a surface in space, seen from `turn` degrees around. */
export function reliefDrawing(problem: Problem, ways: readonly Way[], turn: number): Drawing {
  const plan = planDrawing(problem, ways);
  return {
    ...plan,
    title: `${problem.title}, as a surface`,
    note: 'height is the loss; the highest parts are cut off',
    places: [1, 1],
    describe: () => spoken(ways),
    placeAt: () => null,
    content: { kind: 'relief', surface: problem.surface, ways: ways.map(drawn), turn: (turn * Math.PI) / 180 },
  };
}

/** The loss over the steps of each optimizer. */
export function lossesPicture(ways: readonly Way[]): Picture {
  const values = ways.flatMap(({ losses }) => [...losses]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return {
    id: 'play-losses',
    title: 'Loss over the steps',
    xTitle: 'steps',
    yTitle: 'loss',
    lines: ways.map((way) => {
      const { label, hue, dash, losses } = drawn(way);
      return { label, hue, dash, x: Float64Array.from(losses, (_, i) => i), y: losses, spans: true };
    }),
    bars: null,
    marks: [],
    xThreshold: null,
    logValues: low > 0 && high > 30 * low,
    note: '',
  };
}
