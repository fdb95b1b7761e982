import type { Quantity } from '../records/measurement';
import type { TrainingMemory } from './kernel/trainingMemory';
import type { RecordedColumn, StepRecorder } from './recorder';
import type { TwinSetup } from './setup';

/** Yields sums over `length` elements from an address on, in the memory's `sums`. */
export type Summing = (offset: number, length: number) => void;

interface PlacedParameter {
  readonly offset: number;
  readonly length: number;
  readonly names: Readonly<Record<'gradientNorm' | 'parameterNorm' | 'updateRatio', Quantity>>;
}

interface ParameterColumns {
  readonly gradientNorm: RecordedColumn;
  readonly parameterNorm: RecordedColumn;
  readonly updateRatio: RecordedColumn;
}

/** The columns of the recorder that was written last: looking each up by name at every step is dear. */
interface Columns extends ParameterColumns {
  readonly recorder: StepRecorder;
  readonly gradientCosine: RecordedColumn;
  /** By parameter, in order; made when they are first written. */
  each: readonly ParameterColumns[] | null;
}

/** Writes the norms of gradient, parameters and update of each step into columns: of all, and at watched steps by parameter. */
export class StepNorms {
  private readonly parameters: readonly PlacedParameter[];
  private columns: Columns | null = null;

  constructor(
    { layout }: TwinSetup,
    private readonly memory: TrainingMemory,
  ) {
    this.parameters = layout.trained.map(({ name, offset, length }) => ({
      offset,
      length,
      names: { gradientNorm: `gradientNorm/${name}`, parameterNorm: `parameterNorm/${name}`, updateRatio: `updateRatio/${name}` },
    }));
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
        const own = sums[0] as number;
        squares += own;
        product += sums[1] as number;
        before += sums[2] as number;
        (each[i] as ParameterColumns).gradientNorm.values[place] = Math.sqrt(own);
      }
    } else {
      sum(0, dim);
      [squares, product, before] = [sums[0] as number, sums[1] as number, sums[2] as number];
    }
    return this.writeGradient(recorder, { squares, product, before: hasPrevious ? before : NaN });
  }

  /** Writes the norm of the whole gradient from Σg²; returns it. */
  writeNorm(recorder: StepRecorder, squares: number): number {
    const norm = Math.sqrt(squares);
    this.columnsOf(recorder).gradientNorm.values[recorder.place] = norm;
    return norm;
  }

  /** Writes norm and cosine of the whole gradient from its sums; returns the norm. */
  writeGradient(
    recorder: StepRecorder,
    { squares, product, before }: Readonly<Record<'squares' | 'product' | 'before', number>>,
  ): number {
    const { gradientNorm, gradientCosine } = this.columnsOf(recorder);
    const norm = Math.sqrt(squares);
    gradientNorm.values[recorder.place] = norm;
    gradientCosine.values[recorder.place] = product / (norm * Math.sqrt(before));
    return norm;
  }

  /** Norms of the gradient by parameter alone. `sum` yields Σg². */
  gradientByParameter(recorder: StepRecorder, sum: Summing): void {
    const each = this.eachOf(recorder);
    for (const [i, { offset, length }] of this.parameters.entries()) {
      sum(offset, length);
      (each[i] as ParameterColumns).gradientNorm.values[recorder.place] = Math.sqrt(this.memory.sums[0] as number);
    }
  }

  /**
   * The norm of the parameters before the update, and that of the update over it; NaN when the step is not watched. `change` is called
   * for each parameter in order, watched or not, and yields Σθ² and Σδ².
   */
  move(recorder: StepRecorder, change: (offset: number, length: number, place: number) => void, watched: boolean): void {
    const { sums } = this.memory;
    const { place } = recorder;
    const each = watched ? this.eachOf(recorder) : null;
    let [parameters, updates] = [0, 0];
    for (const [i, { offset, length }] of this.parameters.entries()) {
      change(offset, length, i);
      if (each === null) continue;
      const [before, moved] = [sums[0] as number, sums[1] as number];
      parameters += before;
      updates += moved;
      const own = each[i] as ParameterColumns;
      own.parameterNorm.values[place] = Math.sqrt(before);
      own.updateRatio.values[place] = ratio(moved, before);
    }
    const { parameterNorm, updateRatio } = this.columnsOf(recorder);
    parameterNorm.values[place] = watched ? Math.sqrt(parameters) : NaN;
    updateRatio.values[place] = watched ? ratio(updates, parameters) : NaN;
  }

  private columnsOf(recorder: StepRecorder): Columns {
    if (this.columns?.recorder === recorder) return this.columns;
    this.columns = {
      recorder,
      gradientNorm: recorder.column('gradientNorm'),
      gradientCosine: recorder.column('gradientCosine'),
      parameterNorm: recorder.column('parameterNorm'),
      updateRatio: recorder.column('updateRatio'),
      each: null,
    };
    return this.columns;
  }

  private eachOf(recorder: StepRecorder): readonly ParameterColumns[] {
    const columns = this.columnsOf(recorder);
    columns.each ??= this.parameters.map(({ names }) => ({
      gradientNorm: recorder.column(names.gradientNorm),
      parameterNorm: recorder.column(names.parameterNorm),
      updateRatio: recorder.column(names.updateRatio),
    }));
    return columns.each;
  }
}

/** √(a/b); 0 when nothing moved, even from 0. */
function ratio(updates: number, parameters: number): number {
  return updates === 0 ? 0 : Math.sqrt(updates / parameters);
}
