/** What the person chose in the panel. It is all that survives hiding; run data comes back from the host. */
export interface Navigation {
  /** Steps on a logarithmic axis. */
  readonly logSteps: boolean;
  readonly smoothing: Smoothing;
  /** Chosen part of the run, in steps; null for all of it. */
  readonly range: readonly [number, number] | null;
  readonly figures: Readonly<Record<string, FigureChoice>>;
  /** Sections that are folded open. */
  readonly open: readonly string[];
  /** The run's charts, or the loss surface at one point. */
  readonly view: ViewName;
}

/** What the wide column shows. */
export type ViewName = 'run' | 'point';

/** `auto`: by the number of steps; a number: that many steps; 1: off. */
export type Smoothing = 'auto' | number;

/** Choices of one figure. Null: as the figure has it by default. */
export interface FigureChoice {
  readonly log: boolean | null;
  readonly table: boolean;
  /** Keys of traces that are not drawn. */
  readonly hidden: readonly string[];
  /** Show also the values far outside of the others. */
  readonly wide: boolean;
}

export const defaultChoice: FigureChoice = { log: null, table: false, hidden: [], wide: false };

export const defaultNavigation: Navigation = {
  logSteps: false,
  smoothing: 'auto',
  range: null,
  figures: {},
  open: [],
  view: 'run',
};

/** The choices of a figure, by its id. */
export function choiceOf(navigation: Navigation, figure: string): FigureChoice {
  return navigation.figures[figure] ?? defaultChoice;
}

/** `navigation` with some choices of one figure changed. */
export function withChoice(navigation: Navigation, figure: string, change: Partial<FigureChoice>): Navigation {
  return { ...navigation, figures: { ...navigation.figures, [figure]: { ...choiceOf(navigation, figure), ...change } } };
}

/** Reads what was stored, by this or an earlier version: whatever does not fit falls back to its default. */
export function parseNavigation(stored: unknown): Navigation {
  if (!isRecord(stored)) return defaultNavigation;
  const { logSteps, smoothing, range, figures, open, view } = stored;
  return {
    logSteps: logSteps === true,
    smoothing: typeof smoothing === 'number' && smoothing >= 1 ? smoothing : 'auto',
    range: isRange(range) ? range : null,
    figures: isRecord(figures) ? mapChoices(figures) : {},
    open: strings(open),
    view: view === 'point' ? 'point' : 'run',
  };
}

function mapChoices(figures: Record<string, unknown>): Record<string, FigureChoice> {
  const choices: Record<string, FigureChoice> = {};
  for (const [id, choice] of Object.entries(figures)) {
    if (!isRecord(choice)) continue;
    choices[id] = {
      log: typeof choice['log'] === 'boolean' ? choice['log'] : null,
      table: choice['table'] === true,
      hidden: strings(choice['hidden']),
      wide: choice['wide'] === true,
    };
  }
  return choices;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRange(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}
