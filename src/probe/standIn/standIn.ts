import { Random } from '../../base/random';
import { fail, ok, type Result } from '../../base/result';
import { bindSize } from '../../graph/size';
import { prepare } from '../../engine/prepare';
import type { Dataset, DataStatistics, Tensor } from '../../records/dataset';
import type { Experiment } from '../../records/experiment';
import type { Reason } from '../../records/source';
import { inputShapes, ofPictures, targetShapes, type RowShape } from './shapes';

/** Rows that are made up. */
const rows = 256;

/** What the data are taken to decide where only they do: columns, classes. */
const columns = 8;
const classes = 3;

/** Elements of a row that the made-up targets depend on. */
const features = 64;

/**
 * Made-up rows in the shape that the model needs: normal numbers, and targets that a random linear map of them gives, so
 * that there is something to learn. Fails with a reason when the model does not say its shape.
 */
export function standInData(experiment: Experiment, seed: number): Result<Dataset, Reason> {
  const { model, train, unit } = experiment;
  const unknown: Reason = { text: 'The script does not say which shape of data the model takes.', range: unit.range };
  if (!model || !train) return fail(unknown);
  const symbols = symbolsOf(experiment);
  const inputs = train.inputs.map((step, index) => said(experiment, step, symbols) ?? inputShapes(model, index, symbols));
  const targets = train.targets.map((_, index) => targetShapes(model, index, symbols));
  if ([...inputs, ...targets].some((choices) => choices.length === 0)) return fail(unknown);
  const choice = (choices: readonly RowShape[], at: number): RowShape => choices[Math.min(at, choices.length - 1)] as RowShape;
  const most = (all: readonly (readonly RowShape[])[]): number => Math.max(1, ...all.map(({ length }) => length));
  for (let i = 0; i < most(inputs); i++) {
    const shapes = inputs.map((choices) => choice(choices, i));
    const wanted = targets.map((choices) => [...choices, ...choices.slice(0, 1).flatMap((one) => ofPictures(one, shapes[0]))]);
    for (let t = 0; t < most(wanted); t++) {
      const row = { inputs: shapes, targets: wanted.map((choices) => choice(choices, t)) };
      const sizes = { ...symbols, ...sizesOf(experiment, shapes) };
      if (prepare(experiment, datasetOf(blank(row), sizes)).ok) return ok(datasetOf(filled(row, seed), sizes));
    }
  }
  return fail(unknown);
}

function symbolsOf({ data }: Experiment): Record<string, number> {
  const symbols: Record<string, number> = {};
  for (const [name, { property }] of Object.entries(data.symbols)) {
    if (property.kind === 'size') symbols[name] = property.axis === 0 ? rows : columns;
    else symbols[name] = property.kind === 'unique' ? classes : classes - 1;
  }
  return symbols;
}

/** The rows that a step is a part of. */
function beforeSplit(steps: Experiment['data']['steps'], at: number): number {
  const part = steps[at];
  const split = part?.kind === 'part' ? steps[part.inputs[0] ?? -1] : undefined;
  // Parts for training and for testing stand side by side for each array.
  return part?.kind === 'part' && split?.kind === 'trainTestSplit' ? (split.inputs[part.arguments.index >> 1] ?? at) : at;
}

/** The shape of rows that the model itself says; whole numbers where it takes class numbers. */
function said({ data, model, train }: Experiment, step: number, symbols: Readonly<Record<string, number>>): RowShape[] | null {
  const made = data.steps[beforeSplit(data.steps, step)];
  if (made?.kind !== 'unread' || !made.arguments.shape || !model) return null;
  const shape = made.arguments.shape.flatMap((size) => bindSize(size, symbols) ?? []);
  const [layer] = inputShapes(model, train?.inputs.indexOf(step) ?? 0, symbols);
  return [{ shape, classes: layer?.classes ?? null, integer: layer?.integer ?? false }];
}

/** The sizes of rows that stand as symbols in the model, as the rows that are made up have them. */
function sizesOf({ data, train }: Experiment, shapes: readonly RowShape[]): Record<string, number> {
  const sizes = Object.entries(data.symbols).flatMap(([name, { step, property }]) => {
    const input = train?.inputs.indexOf(step) ?? -1;
    const size = property.kind === 'size' && property.axis > 0 ? shapes[input]?.shape[property.axis - 1] : undefined;
    return size === undefined ? [] : [[name, size] as const];
  });
  return Object.fromEntries(sizes);
}

/** What one row is made of. */
interface RowShapes {
  readonly inputs: readonly RowShape[];
  readonly targets: readonly RowShape[];
}

type Split = Pick<Dataset['train'], 'inputs' | 'targets'>;

/** Zeros: enough to see whether the model takes rows of this shape. */
function blank({ inputs, targets }: RowShapes): Split {
  const zeros = ({ shape, integer }: RowShape): Tensor => {
    const length = rows * widthOf(shape);
    return { shape: [rows, ...shape], values: integer ? new Int32Array(length) : new Float32Array(length) };
  };
  return { inputs: inputs.map(zeros), targets: targets.map(zeros) };
}

function filled({ inputs, targets }: RowShapes, seed: number): Split {
  const random = new Random(seed).fork('stand-in');
  const made = inputs.map((shape) => inputTensor(shape, random));
  return { inputs: made, targets: targets.map((shape) => targetTensor(shape, made, random)) };
}

const datasetOf = (split: Split, symbols: Readonly<Record<string, number>>): Dataset => ({
  train: { ...split, rows: Int32Array.from({ length: rows }, (_, row) => row) },
  validation: null,
  symbols,
  statistics: noStatistics,
  files: [],
  assumptions: [],
  origin: 'standIn',
});

const widthOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

function inputTensor({ shape, classes: count }: RowShape, random: Random): Tensor {
  const length = rows * widthOf(shape);
  const values =
    count === null
      ? Float32Array.from({ length }, () => random.normal())
      : Int32Array.from({ length }, () => random.integer(count));
  return { shape: [rows, ...shape], values };
}

/** Classes: the largest of as many random linear maps of the row; numbers: one such map each, with noise. */
function targetTensor({ shape, classes: count, integer, oneHot }: RowShape, inputs: readonly Tensor[], random: Random): Tensor {
  const width = widthOf(shape);
  const maps = Array.from({ length: count === null ? width : Math.max(2, count) }, () =>
    Float64Array.from({ length: features }, () => random.normal() / Math.sqrt(features)),
  );
  const scores = (row: number): number[] => maps.map((map) => project(map, inputs[0] as Tensor, row));
  const classOf = (row: number): number => {
    const all = scores(row);
    return all.indexOf(Math.max(...all));
  };
  const values =
    count === null
      ? Float32Array.from(
          { length: rows * width },
          (_, i) => (scores(Math.floor(i / width))[i % width] ?? 0) + random.normal(0, 0.1),
        )
      : integer
        ? Int32Array.from({ length: rows }, (_, row) => classOf(row))
        : Float32Array.from({ length: rows * width }, (_, i) => {
            const label = classOf(Math.floor(i / width));
            return oneHot ? Number(label === i % width) : label;
          });
  return { shape: [rows, ...shape], values };
}

function project(map: Float64Array, { shape, values }: Tensor, row: number): number {
  const width = widthOf(shape.slice(1));
  const stride = Math.max(1, Math.floor(width / features));
  let sum = 0;
  for (let k = 0; k < Math.min(features, width); k++) sum += (map[k] ?? 0) * (values[row * width + k * stride] ?? 0);
  return sum;
}

/** Nothing is known of data that are made up: rules about data stay undecided. */
const noStatistics: DataStatistics = {
  rows,
  validationRows: 0,
  ofRows: rows,
  columns: [],
  isImage: false,
  secondMoment: null,
  centredMoment: null,
  standardisedMoment: null,
  target: { kind: 'numbers', shape: [], counts: [], mean: 0, variance: 0, minimum: 0, maximum: 0, missing: 0, runsZ: null },
  conflictingRows: 0,
};
