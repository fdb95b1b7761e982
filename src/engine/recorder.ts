import type { Quantity } from '../records/measurement';
import type { TwinSetup } from './setup';
import type { StepColumns } from './twin';

/** Room for this many steps is made at first; it doubles. */
const firstCapacity = 512;

/** Gathers the by-products of steps, column by column. */
export class StepRecorder {
  private steps: Float64Array;
  private readonly columns = new Map<Quantity, Float64Array>();
  private taken = 0;

  constructor(
    private readonly setup: TwinSetup,
    count: number,
  ) {
    this.steps = new Float64Array(Math.min(count, firstCapacity));
  }

  /** Writes `value` into the current step's entry. */
  write(quantity: Quantity, value: number): void {
    let column = this.columns.get(quantity);
    if (column === undefined) {
      column = new Float64Array(this.steps.length).fill(NaN);
      this.columns.set(quantity, column);
    }
    column[this.taken] = value;
  }

  /** Norms of the gradient buffers, in all and by parameter; its cosine to the previous one, which it then becomes. */
  gradient(gradient: Float32Array, previous: Float32Array, hasPrevious: boolean): number {
    let total = 0;
    let product = 0;
    let totalBefore = 0;
    for (const { name, offset, length } of this.setup.layout.trained) {
      let squares = 0;
      for (let i = offset; i < offset + length; i++) {
        const g = gradient[i]!;
        const p = previous[i]!;
        squares += g * g;
        product += g * p;
        totalBefore += p * p;
        previous[i] = g;
      }
      total += squares;
      this.write(`gradientNorm/${name}`, Math.sqrt(squares));
    }
    const norm = Math.sqrt(total);
    this.write('gradientNorm', norm);
    this.write('gradientCosine', hasPrevious ? product / (norm * Math.sqrt(totalBefore)) : NaN);
    return norm;
  }

  /** theta ← theta + delta, with the norms of both (of theta before the step). */
  applyUpdate(theta: Float32Array, delta: Float32Array): void {
    let squaredUpdate = 0;
    let squaredParameters = 0;
    for (const { name, offset, length } of this.setup.layout.trained) {
      let parameters = 0;
      let updates = 0;
      for (let i = offset; i < offset + length; i++) {
        const p = theta[i]!;
        const d = delta[i]!;
        parameters += p * p;
        updates += d * d;
        theta[i] = p + d;
      }
      squaredParameters += parameters;
      squaredUpdate += updates;
      this.write(`parameterNorm/${name}`, Math.sqrt(parameters));
      this.write(`updateRatio/${name}`, ratio(updates, parameters));
    }
    this.write('parameterNorm', Math.sqrt(squaredParameters));
    this.write('updateRatio', ratio(squaredUpdate, squaredParameters));
  }

  /** Ends the entry of step `step`. */
  close(step: number): void {
    this.steps[this.taken] = step;
    this.taken++;
    if (this.taken === this.steps.length) this.grow();
  }

  private grow(): void {
    const enlarged = (column: Float64Array): Float64Array => {
      const larger = new Float64Array(2 * this.taken).fill(NaN);
      larger.set(column);
      return larger;
    };
    this.steps = enlarged(this.steps);
    for (const [quantity, column] of this.columns) this.columns.set(quantity, enlarged(column));
  }

  /** What was gathered. */
  result(nonFinite: { readonly step: number } | null): StepColumns {
    const columns = new Map([...this.columns].map(([quantity, column]) => [quantity, column.slice(0, this.taken)]));
    return { steps: this.steps.slice(0, this.taken), columns, nonFinite };
  }
}

/** √(a/b); 0 when nothing moved, even from 0. */
function ratio(updates: number, parameters: number): number {
  return updates === 0 ? 0 : Math.sqrt(updates / parameters);
}
