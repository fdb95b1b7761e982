import type { TrainingMemory } from './kernel/trainingMemory';
import { writeAt, type RecordedColumn, type StepRecorder } from './recorder';
import type { TwinSetup } from './setup';

/** Yields sums over `length` elements from an address on, in the memory's `sums`. */
export type Summing = (offset: number, length: number) => void;

/** The columns of all parameters together, or of one: of the gradient, and of the move. */
class NormColumns {
  readonly gradientNorm: RecordedColumn;
  readonly gradientCosine: RecordedColumn;
  readonly parameterNorm: RecordedColumn;
  readonly updateNorm: RecordedColumn;
  readonly updateRatio: RecordedColumn;
  readonly all: readonly RecordedColumn[];

  constructor(of: '' | `/${string}`) {
    this.gradientNorm = { quantity: `gradientNorm${of}`, values: [] };
    this.gradientCosine = { quantity: `gradientCosine${of}`, values: [] };
    this.parameterNorm = { quantity: `parameterNorm${of}`, values: [] };
    this.updateNorm = { quantity: `updateNorm${of}`, values: [] };
    this.updateRatio = { quantity: `updateRatio${of}`, values: [] };
    this.all = [this.gradientNorm, this.gradientCosine, this.parameterNorm, this.updateNorm, this.updateRatio];
  }
}

interface PlacedParameter {
  readonly offset: number;
  readonly length: number;
}

/** Writes the norms of gradient, parameters and update of each step into columns: of all, and at watched steps by parameter. */
export class StepNorms {
  private readonly parameters: readonly PlacedParameter[];
  private readonly whole = new NormColumns('');
  /** By parameter, in order. */
  private readonly each: readonly NormColumns[];
  private readonly eachColumn: readonly RecordedColumn[];
  /** The recorders that the columns are written for. */
  private wholeOf: StepRecorder | null = null;
  private eachOf: StepRecorder | null = null;

  constructor(
    { layout }: TwinSetup,
    private readonly memory: TrainingMemory,
  ) {
    this.parameters = layout.trained.map(({ offset, length }) => ({ offset, length }));
    this.each = layout.trained.map(({ name }) => new NormColumns(`/${name}`));
    this.eachColumn = this.each.flatMap(({ all }) => all);
  }

  /**
   * The gradient's norm, which is returned, and its cosine to the one before. `sum` yields Σg², Σg·p and Σp² of the gradient g and
   * the previous one p.
   */
  gradient(recorder: StepRecorder, sum: Summing, watched: boolean, hasPrevious: boolean): number {
    const { sums, dim } = this.memory;
    let [squares, product, before] = [0, 0, 0];
    if (watched) {
      const { place } = recorder;
      const each = this.eachFor(recorder);
      for (const [i, { offset, length }] of this.parameters.entries()) {
        sum(offset, length);
        const own = { squares: sums[0] as number, product: sums[1] as number, before: hasPrevious ? (sums[2] as number) : NaN };
        squares += own.squares;
        product += own.product;
        before += own.before;
        writeGradient(each[i] as NormColumns, place, own);
      }
    } else {
      sum(0, dim);
      [squares, product, before] = [sums[0] as number, sums[1] as number, sums[2] as number];
    }
    const all = { squares, product, before: hasPrevious ? before : NaN };
    return writeGradient(this.wholeFor(recorder), recorder.place, all);
  }

  /** Writes the norm of the whole gradient from Σg²; returns it. */
  writeNorm(recorder: StepRecorder, squares: number): number {
    const norm = Math.sqrt(squares);
    writeAt(this.wholeFor(recorder).gradientNorm, recorder.place, norm);
    return norm;
  }

  /**
   * The norm of the parameters before the update and that of the update, and their ratio. `change` is called for each parameter in
   * order, and yields Σθ² and Σδ².
   */
  move(recorder: StepRecorder, change: (offset: number, length: number, place: number) => void): void {
    const { sums } = this.memory;
    const each = this.eachFor(recorder);
    let [parameters, updates] = [0, 0];
    for (const [i, { offset, length }] of this.parameters.entries()) {
      change(offset, length, i);
      const [before, moved] = [sums[0] as number, sums[1] as number];
      parameters += before;
      updates += moved;
      writeMove(each[i] as NormColumns, recorder.place, before, moved);
    }
    writeMove(this.wholeFor(recorder), recorder.place, parameters, updates);
  }

  private wholeFor(recorder: StepRecorder): NormColumns {
    if (this.wholeOf !== recorder) recorder.adopt(this.whole.all);
    this.wholeOf = recorder;
    return this.whole;
  }

  private eachFor(recorder: StepRecorder): readonly NormColumns[] {
    if (this.eachOf !== recorder) recorder.adopt(this.eachColumn);
    this.eachOf = recorder;
    return this.each;
  }
}

/** Norm and cosine of a gradient from its sums; returns the norm. */
function writeGradient(
  columns: NormColumns,
  place: number,
  { squares, product, before }: Readonly<Record<'squares' | 'product' | 'before', number>>,
): number {
  const norm = Math.sqrt(squares);
  writeAt(columns.gradientNorm, place, norm);
  writeAt(columns.gradientCosine, place, product / (norm * Math.sqrt(before)));
  return norm;
}

function writeMove(columns: NormColumns, place: number, before: number, moved: number): void {
  writeAt(columns.parameterNorm, place, Math.sqrt(before));
  writeAt(columns.updateNorm, place, Math.sqrt(moved));
  writeAt(columns.updateRatio, place, ratio(moved, before));
}

/** √(a/b); 0 when nothing moved, even from 0. */
function ratio(updates: number, parameters: number): number {
  return updates === 0 ? 0 : Math.sqrt(updates / parameters);
}
