import type { Quantity } from '../records/measurement';
import type { TrainingMemory } from './kernel/trainingMemory';
import { writeAt, type RecordedColumn, type StepRecorder } from './recorder';
import type { TwinSetup } from './setup';

/** Yields sums over `length` elements from an address on, in the memory's `sums`. */
export type Summing = (offset: number, length: number) => void;

/** What is recorded of the gradient, and of the move. */
type Recorded = 'gradientNorm' | 'gradientCosine' | 'parameterNorm' | 'updateNorm' | 'updateRatio';
type Names = Readonly<Record<Recorded, Quantity>>;

/** The quantities of all parameters together, or of one. Made once: writing them out at every look is dear. */
const namesOf = (of: '' | `/${string}`): Names => ({
  gradientNorm: `gradientNorm${of}`,
  gradientCosine: `gradientCosine${of}`,
  parameterNorm: `parameterNorm${of}`,
  updateNorm: `updateNorm${of}`,
  updateRatio: `updateRatio${of}`,
});
const namesOfAll = namesOf('');

interface PlacedParameter {
  readonly offset: number;
  readonly length: number;
}

type ParameterColumns = Readonly<Record<Recorded, RecordedColumn>>;
type MoveColumns = Pick<ParameterColumns, 'parameterNorm' | 'updateNorm' | 'updateRatio'>;

/** The columns of the recorder that was written last: looking each up by name at every step is dear. */
interface Columns extends ParameterColumns {
  readonly recorder: StepRecorder;
  /** By parameter, in order; made when they are first written. */
  each: readonly ParameterColumns[] | null;
}

function columnsFor(recorder: StepRecorder, names: Names): ParameterColumns {
  return {
    gradientNorm: recorder.column(names.gradientNorm),
    gradientCosine: recorder.column(names.gradientCosine),
    parameterNorm: recorder.column(names.parameterNorm),
    updateNorm: recorder.column(names.updateNorm),
    updateRatio: recorder.column(names.updateRatio),
  };
}

/** Writes the norms of gradient, parameters and update of each step into columns: of all, and at watched steps by parameter. */
export class StepNorms {
  private readonly parameters: readonly PlacedParameter[];
  private readonly names: readonly Names[];
  private columns: Columns | null = null;

  constructor(
    { layout }: TwinSetup,
    private readonly memory: TrainingMemory,
  ) {
    this.parameters = layout.trained.map(({ offset, length }) => ({ offset, length }));
    this.names = layout.trained.map(({ name }) => namesOf(`/${name}`));
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
      const each = this.eachOf(recorder);
      for (const [i, { offset, length }] of this.parameters.entries()) {
        sum(offset, length);
        const own = { squares: sums[0] as number, product: sums[1] as number, before: hasPrevious ? (sums[2] as number) : NaN };
        squares += own.squares;
        product += own.product;
        before += own.before;
        writeGradient(each[i] as ParameterColumns, place, own);
      }
    } else {
      sum(0, dim);
      [squares, product, before] = [sums[0] as number, sums[1] as number, sums[2] as number];
    }
    const all = { squares, product, before: hasPrevious ? before : NaN };
    return writeGradient(this.columnsOf(recorder), recorder.place, all);
  }

  /** Writes the norm of the whole gradient from Σg²; returns it. */
  writeNorm(recorder: StepRecorder, squares: number): number {
    const norm = Math.sqrt(squares);
    writeAt(this.columnsOf(recorder).gradientNorm, recorder.place, norm);
    return norm;
  }

  /**
   * The norm of the parameters before the update and that of the update, and their ratio. `change` is called for each parameter in
   * order, and yields Σθ² and Σδ².
   */
  move(recorder: StepRecorder, change: (offset: number, length: number, place: number) => void): void {
    const { sums } = this.memory;
    const each = this.eachOf(recorder);
    let [parameters, updates] = [0, 0];
    for (const [i, { offset, length }] of this.parameters.entries()) {
      change(offset, length, i);
      const [before, moved] = [sums[0] as number, sums[1] as number];
      parameters += before;
      updates += moved;
      writeMove(each[i] as ParameterColumns, recorder.place, before, moved);
    }
    writeMove(this.columnsOf(recorder), recorder.place, parameters, updates);
  }

  private columnsOf(recorder: StepRecorder): Columns {
    if (this.columns?.recorder === recorder) return this.columns;
    this.columns = { recorder, ...columnsFor(recorder, namesOfAll), each: null };
    return this.columns;
  }

  private eachOf(recorder: StepRecorder): readonly ParameterColumns[] {
    const columns = this.columnsOf(recorder);
    columns.each ??= this.names.map((names) => columnsFor(recorder, names));
    return columns.each;
  }
}

/** Norm and cosine of a gradient from its sums; returns the norm. */
function writeGradient(
  columns: Pick<ParameterColumns, 'gradientNorm' | 'gradientCosine'>,
  place: number,
  { squares, product, before }: Readonly<Record<'squares' | 'product' | 'before', number>>,
): number {
  const norm = Math.sqrt(squares);
  writeAt(columns.gradientNorm, place, norm);
  writeAt(columns.gradientCosine, place, product / (norm * Math.sqrt(before)));
  return norm;
}

function writeMove(columns: MoveColumns, place: number, before: number, moved: number): void {
  writeAt(columns.parameterNorm, place, Math.sqrt(before));
  writeAt(columns.updateNorm, place, Math.sqrt(moved));
  writeAt(columns.updateRatio, place, ratio(moved, before));
}

/** √(a/b); 0 when nothing moved, even from 0. */
function ratio(updates: number, parameters: number): number {
  return updates === 0 ? 0 : Math.sqrt(updates / parameters);
}
