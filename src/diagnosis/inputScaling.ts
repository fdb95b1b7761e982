import type { ColumnStatistics, DataStatistics } from '../records/dataset';
import type { Experiment } from '../records/experiment';
import type { SourceRange, TextEdit } from '../records/source';
import { assignedName } from './edits';
import { isFit, madeBeforeFit } from './fitArguments';
import type { Texts } from './text';
import { isCarrying, isNorm, lossNodes, takers, targetRowShape } from './graphWalk';
import type { Evidence } from './rule';
import { editAt, lineBreak, offsetAt, parseCall, statementAt } from './text';

/** Columns that vary. */
export const varying = ({ columns }: DataStatistics): readonly ColumnStatistics[] =>
  columns.filter((column) => column.deviation > 0 && Number.isFinite(column.deviation) && Number.isFinite(column.mean));

/** Ratio of the largest standard deviation to the smallest among the columns that vary. */
export function scaleSpread(statistics: DataStatistics): number {
  const deviations = varying(statistics).map(({ deviation }) => deviation);
  return deviations.length === 0 ? 1 : Math.max(...deviations) / Math.min(...deviations);
}

/** Largest standard deviation of a column. */
export const largestDeviation = (statistics: DataStatistics): number =>
  Math.max(0, ...varying(statistics).map(({ deviation }) => deviation));

/** M² = Σ(m/σ)²: what the means add to the curvature of a linear layer with bias on standardised columns. */
export const squaredCentring = (statistics: DataStatistics): number =>
  varying(statistics).reduce((sum, { mean, deviation }) => sum + (mean / deviation) ** 2, 0);

/** Extreme eigenvalues of the second moment of [1, x] for uncorrelated unit-variance columns: (2+M²±M√(M²+4))/2. */
export function centringCondition(squared: number): number {
  const largest = (2 + squared + Math.sqrt(squared * (squared + 4))) / 2;
  return largest * largest;
}

/** Whether the scale of the inputs does not reach the model: it normalises them before anything else, or looks them up in a table. */
export function ignoresScale(e: Evidence): boolean {
  const { model } = e.experiment;
  if (model === null) return false;
  return model.nodes.some(
    (node, at) =>
      node.kind === 'input' &&
      takers(model, at).some((taker) => taker.kind === 'embedding' || (isNorm(taker) && !isCarrying(taker))),
  );
}

/**
 * Whether the loss compares with the inputs themselves, as an autoencoder's does. Scaled rows are another task there: their losses
 * cannot be held against those of the rows as they are, and a cross-entropy of them means nothing. Numbers computed from the
 * inputs (`y = 3 * x + 2`) are targets of their own: they stay what they are where the inputs are scaled after them.
 */
export function comparesWithInputs(e: Evidence): boolean {
  const { train, model } = e.experiment;
  if (train === null) return false;
  if (targetsComeFromInputs(e.experiment) && (train.targets.some((at) => train.inputs.includes(at)) || areAsWide(e))) return true;
  const inputs = model?.nodes.flatMap(({ kind }, at) => (kind === 'input' ? [at] : [])) ?? [];
  const comparing = model === null ? [] : [...lossNodes(model), ...model.nodes.filter(({ kind }) => kind === 'subtract')];
  return inputs.some((at) => model !== null && takers(model, at).some((node) => comparing.includes(node)));
}

/** Whether the targets are the inputs, or computed from them. */
function targetsComeFromInputs({ train, data }: Experiment): boolean {
  if (train === null) return false;
  const seen = new Set<number>();
  const waiting = [...train.targets];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (train.inputs.includes(at)) return true;
    if (!seen.has(at)) waiting.push(...(data.steps[at]?.inputs ?? []));
    seen.add(at);
  }
  return false;
}

/** Targets of as many numbers a row as the inputs have, and more than one: these may be the inputs in another form. */
function areAsWide({ statistics }: Evidence): boolean {
  if (statistics === null) return true;
  const width = targetRowShape(statistics).reduce((product, size) => product * size, 1);
  return width > 1 && width === statistics.columns.length;
}

/** What of the rows is scaled. */
export type Scaled = 'inputs' | 'targets';

/** The names that a statement unpacks the inputs or the targets into. */
interface Unpacked {
  readonly train: string;
  /** The rows held back, which must be scaled alike; null where the statement makes none. */
  readonly held: string | null;
}

/**
 * Where several values are unpacked at once (`X_train, X_test, … = train_test_split(X, y)`, `X, y = load_wine(return_X_y=True)`),
 * the names that the inputs (the targets) get; null for statements of another form.
 */
function unpackedNames(texts: Texts, range: SourceRange, part: Scaled): Unpacked | null {
  const text = texts[range.path];
  if (text === undefined) return null;
  const { start, end } = statementAt(text, offsetAt(text, range.line, range.column));
  const [, left, right] = /^\s*([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)+)\s*=(?!=)\s*([\s\S]*)$/.exec(text.slice(start, end)) ?? [];
  const parsed = parseCall((right ?? '').replace(/\s*#[^\n]*$/, '').trim());
  const names = (left ?? '').split(',').map((name) => name.trim());
  if (parsed === null) return null;
  const callee = parsed.callee.split('.').at(-1) ?? '';
  if (callee === 'train_test_split') {
    const arrays = parsed.arguments.filter((argument) => !/^\w+\s*=(?!=)/.test(argument.text)).length;
    const [train, held] = part === 'inputs' ? names : names.slice(2);
    return names.length === 2 * arrays && train !== undefined && held !== undefined ? { train, held } : null;
  }
  const train = names[part === 'inputs' ? 0 : 1];
  return /^(load|make)_\w+$/.test(callee) && names.length === 2 && train !== undefined ? { train, held: null } : null;
}

/**
 * Statements that standardise (or only centre) the inputs, or the targets, after they are made, with the training rows' statistics;
 * empty when unsure, and where they would change what the loss compares with.
 */
export function scalingEdits(e: Evidence, how: 'standardise' | 'centre', part: Scaled = 'inputs'): readonly TextEdit[] {
  if (comparesWithInputs(e)) return [];
  const divisor = (by: string): string => ` / (${by}.std(0) + 1e-8)`;
  return afterMade(e, part, (of, by) =>
    how === 'centre' ? `${of} = ${of} - ${by}.mean(0)` : `${of} = (${of} - ${by}.mean(0))${divisor(by)}`,
  );
}

/** Where rows get their name: before `fit` where that is all that is known of them; null where it gives them none. */
const whereMade = (texts: Texts, range: SourceRange, part: Scaled): SourceRange | null =>
  isFit(texts, range) ? madeBeforeFit(texts, range, part) : range;

/**
 * A statement after the one that makes the inputs or targets, and one before it for the rows held back where these have a name of their own:
 * `statement` writes it for a name, beside that of the training rows. Empty when unsure.
 */
export function afterMade(e: Evidence, part: Scaled, statement: (of: string, by: string) => string): readonly TextEdit[] {
  const { train, validation } = e.experiment;
  if (train === null) return [];
  const made = whereMade(e.texts, part === 'inputs' ? train.inputRange : train.targetRange, part);
  const held = validation === null ? null : part === 'inputs' ? validation.inputRange : validation.targetRange;
  // Rows that `fit` itself holds back are those of its own names.
  const heldBack = held === null || isFit(e.texts, held) ? null : held;
  if (made === null) return [];
  const pair = unpackedNames(e.texts, made, part);
  const name = assignedName(e.texts, made) ?? pair?.train ?? null;
  const text = e.texts[made.path];
  if (name === null || text === undefined) return [];
  const other = (heldBack === null ? null : assignedName(e.texts, heldBack)) ?? pair?.held ?? null;
  const separate = other !== null && other !== name && (pair !== null || heldBack?.path === made.path);
  // Targets that are computed from the inputs must be there before these change.
  const later =
    part === 'inputs' && targetsComeFromInputs(e.experiment) ? whereMade(e.texts, train.targetRange, 'targets') : made;
  if (later === null) return [];
  if (later.path !== made.path) return [];
  const ends = [made, later, ...(separate && heldBack !== null ? [heldBack] : [])].map((range) =>
    statementAt(text, offsetAt(text, range.line, range.column)),
  );
  const here = ends.reduce((a, b) => (b.end > a.end ? b : a));
  if (ends.some(({ indent }) => indent !== here.indent)) return [];
  const lines = [...(separate ? [statement(other, name)] : []), statement(name, name)];
  const at = text[here.end - 1] === '\r' ? here.end - 1 : here.end;
  return [editAt(made.path, text, at, at, lines.map((line) => lineBreak(text) + here.indent + line).join(''))];
}
