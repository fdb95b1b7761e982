import { Breath } from '../../base/yield';
import { GroupedNoise } from '../../curvature/groupedNoise';
import type { LinearOperator } from '../../curvature/operator';
import type { GradientAt } from '../../curvature/gradientDifference';
import type { HessianAt, Objective, Twin } from '../../engine/twin';
import type { Experiment } from '../../records/experiment';
import type { Optimizer } from '../../records/optimizer';

/** How the loss on the rows becomes the one that is trained. */
export interface TrainedForm {
  /** -1 where the script maximises. */
  readonly sign: 1 | -1;
  /** L2 weight of each parameter; null without a term in the gradient. */
  readonly decay: Float32Array | null;
}

/** Parts of the rows whose gradients tell the noise. */
const noiseParts = 64;

/** An operator that holds memory until it is disposed. */
export interface HeldOperator extends LinearOperator {
  dispose(): void;
}

/** The form of a unit's loss: its sign, and the L2 term of optimizers that add it to the gradient (a decoupled decay is none). */
export function trainedForm({ optimizer, model }: Experiment, twin: Twin): TrainedForm {
  if (!optimizer) return { sign: 1, decay: null };
  const sign = optimizer.maximize ? -1 : 1;
  const decay = new Float32Array(twin.dim);
  for (const group of optimizer.groups) {
    const weight = coupledDecay(optimizer, group.weightDecay?.value);
    for (const index of group.parameters) {
      const view = twin.parameters.find(({ name }) => name === model?.parameters[index]?.name);
      if (view) decay.fill(weight, view.offset, view.offset + view.length);
    }
  }
  return { sign, decay: decay.some((weight) => weight !== 0) ? decay : null };
}

function coupledDecay(optimizer: Optimizer, ofGroup: number | undefined): number {
  const decoupled =
    optimizer.kind === 'adamw' ||
    ((optimizer.kind === 'nadam' || optimizer.kind === 'radam') && optimizer.settings.decoupledDecay.value);
  return decoupled ? 0 : (ofGroup ?? optimizer.settings.weightDecay.value);
}

/** The loss that is trained, over fixed rows: ±mean loss + ½ Σ decay·θ². Counts what it is asked for. */
export class TrainedLoss {
  evaluations = 0;
  applications = 0;
  private readonly breath = new Breath();

  constructor(
    /** The plain mean loss behind it. */
    readonly objective: Objective,
    private readonly form: TrainedForm,
  ) {}

  get rows(): number {
    return this.objective.rows.length;
  }

  /** Numbers of the rows, into the training rows. */
  get rowNumbers(): Int32Array {
    return this.objective.rows;
  }

  /** ±mean loss without the decay: what differently trained nets are compared by. */
  readonly bareLossAt = async (theta: Float32Array): Promise<number> => {
    await this.count();
    return this.form.sign * (await this.objective.evaluate(theta)).loss;
  };

  /** out ← gradient of the plain mean loss, without the decay; returns that loss. */
  readonly bareGradient = async (theta: Float32Array, out: Float32Array): Promise<number> => {
    await this.count();
    return this.objective.gradient(theta, out);
  };

  readonly lossAt = async (theta: Float32Array): Promise<number> => {
    await this.count();
    const { loss } = await this.objective.evaluate(theta);
    return this.form.sign * loss + this.penalty(theta);
  };

  /** out ← gradient; returns the loss. */
  readonly gradient = async (theta: Float32Array, out: Float32Array): Promise<number> => {
    await this.count();
    const loss = await this.objective.gradient(theta, out);
    const { sign, decay } = this.form;
    if (sign < 0) for (let i = 0; i < out.length; i++) out[i] = -(out[i] as number);
    if (decay) for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + (decay[i] as number) * (theta[i] as number);
    return sign * loss + this.penalty(theta);
  };

  private count(): Promise<void> | undefined {
    this.evaluations++;
    return this.breath.pause();
  }

  /** The Hessian at θ. */
  async hessian(theta: Float32Array): Promise<HeldOperator> {
    return this.held(await this.objective.hessian(theta), theta.length);
  }

  /** The Gauss-Newton matrix at θ, the L2 term with it; null where there is none. */
  async gaussNewton(theta: Float32Array): Promise<{ readonly operator: HeldOperator; readonly isFisher: boolean } | null> {
    const made = await this.objective.gaussNewton(theta);
    return made && { operator: this.held(made.at, theta.length), isFisher: made.isFisher && this.form.decay === null };
  }

  /** ±A + decay. */
  private held(at: HessianAt, dim: number): HeldOperator {
    const { sign, decay } = this.form;
    const apply = async (v: Float32Array, out: Float32Array): Promise<void> => {
      this.applications++;
      await this.breath.pause();
      await at.apply(v, out);
      if (sign < 0) for (let i = 0; i < out.length; i++) out[i] = -(out[i] as number);
      if (decay) for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + (decay[i] as number) * (v[i] as number);
    };
    return { dim, selfAdjoint: true, apply, dispose: () => at.dispose() };
  }

  /** tr Σ of the rows' gradients at θ, from about 64 parts of them. */
  async noiseTrace(theta: Float32Array): Promise<{ readonly value: number; readonly error: number }> {
    const grouped = new GroupedNoise(theta.length);
    const wanted = Math.max(1, Math.floor(this.rows / noiseParts));
    const rowsEach = await this.objective.partGradients(theta, wanted, (gradient) => {
      grouped.add(gradient);
      return this.breath.pause();
    });
    const [trace] = grouped.statistics(rowsEach, [(noise) => noise.trace]);
    return trace ?? { value: NaN, error: Infinity };
  }

  private penalty(theta: Float32Array): number {
    const { decay } = this.form;
    if (!decay) return 0;
    let sum = 0;
    for (let i = 0; i < theta.length; i++) sum += (decay[i] as number) * (theta[i] as number) ** 2;
    return 0.5 * sum;
  }
}

/** Gradients of batches of the rows at θ, one after another, for an estimate of their second moments. */
export async function batchGradients(
  twin: Twin,
  batches: readonly Int32Array[],
  form: TrainedForm,
  theta: Float32Array,
  use: (gradient: Float32Array) => void,
): Promise<void> {
  const out = new Float32Array(theta.length);
  for (const rows of batches) {
    const objective = twin.objective('train', rows);
    const gradient: GradientAt = new TrainedLoss(objective, form).gradient;
    await gradient(theta, out);
    objective.dispose();
    use(out);
  }
}
