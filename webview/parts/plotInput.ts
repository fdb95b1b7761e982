import type { LineChart } from '../charts/lineChart';

/** What pointer and keyboard do on a plot. */
export interface PlotListener {
  /** The cursor goes to the stop nearest to `step`; null takes it away. */
  point(step: number | null, from: number | null): void;
  /** The cursor goes `stops` stops on, or to an end; its values are spoken. */
  move(stops: number): void;
  /** A part of the run was chosen, or (null) all of it. */
  choose(range: readonly [number, number] | null): void;
  /** A step was picked by a click that draws no range. */
  pick(step: number): void;
  /** The step at the cursor is to be looked at. */
  inspect(): void;
  /** Chooses the part from the cursor on, or up to it. */
  chooseFromCursor(end: 'start' | 'end'): void;
}

const farAway = Number.MAX_SAFE_INTEGER;
const keys: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -25,
  PageDown: 25,
  Home: -farAway,
  End: farAway,
};

/** Listens to a canvas: pointing, drawing a range, a double click for all, and the keys. */
export function listenToPlot(canvas: HTMLCanvasElement, chart: LineChart, listener: PlotListener): void {
  let from: number | null = null;
  canvas.addEventListener('pointermove', (event) => listener.point(chart.stepAt(event.clientX), from));
  canvas.addEventListener('pointerleave', () => {
    from = null;
    listener.point(null, null);
  });
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button === 0) from = chart.stepAt(event.clientX);
  });
  canvas.addEventListener('pointerup', (event) => {
    const to = chart.stepAt(event.clientX);
    const start = from;
    from = null;
    listener.point(to, null);
    if (start === null || to === null) return;
    const range: readonly [number, number] = [Math.round(Math.min(start, to)), Math.round(Math.max(start, to))];
    if (range[1] - range[0] >= 2) listener.choose(range);
    else listener.pick(to);
  });
  canvas.addEventListener('dblclick', () => listener.choose(null));
  canvas.addEventListener('blur', () => listener.point(null, null));
  canvas.addEventListener('keydown', (event) => {
    const stops = keys[event.key];
    if (stops !== undefined) listener.move(event.shiftKey ? stops * 10 : stops);
    else if (event.key === '[') listener.chooseFromCursor('start');
    else if (event.key === ']') listener.chooseFromCursor('end');
    else if (event.key === 'i' || event.key === 'Enter') listener.inspect();
    else if (event.key === 'Escape') {
      listener.point(null, null);
      listener.choose(null);
    } else return;
    event.preventDefault();
  });
}
