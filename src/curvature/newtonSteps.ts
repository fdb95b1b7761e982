import type { GradientAt } from './gradientDifference';
import type { MinresSpace } from './minres';
import { norm, plus } from './vector';

/** A point with the gradient there. */
export interface GradientPlace {
  readonly theta: Float32Array;
  readonly gradient: Float32Array;
  readonly norm: number;
}

/** Where a damped step leads. `damping` is relative to the squared magnitude of the Hessian. */
export interface DampedPlace extends GradientPlace {
  readonly damping: number;
}

/** Between tries of one ladder of dampings. */
const between = 8;
/** Dampings beyond these are rounding, or no step at all. */
const [leastDamping, mostDamping] = [1e-13, 1e8];

/** The gradient at a point, as a place. */
export async function placeAt(gradientAt: GradientAt, theta: Float32Array): Promise<GradientPlace> {
  const gradient = new Float32Array(theta.length);
  await gradientAt(theta, gradient);
  return { theta, gradient, norm: norm(gradient) };
}

/** Damped minimum-residual Newton steps from one place, all out of one Krylov space of its gradient (Levenberg 1944; Marquardt 1963). */
export class NewtonSteps {
  constructor(
    private readonly gradientAt: GradientAt,
    private readonly from: GradientPlace,
    private readonly space: MinresSpace,
    /** Steps that are longer are cut to this length. */
    private readonly longest: number,
  ) {}

  /** Where the step of that damping leads. */
  async take(damping: number): Promise<DampedPlace> {
    const { solution } = this.space.solve(damping * this.space.magnitude ** 2);
    const share = Math.min(1, this.longest / norm(solution));
    return { ...(await placeAt(this.gradientAt, plus(this.from.theta, -share, solution))), damping };
  }

  /** The step that makes ‖g‖ smallest, on a ladder of dampings from `damping` upwards or downwards, as far as it gets better. */
  async best(damping: number): Promise<DampedPlace> {
    const { from } = this;
    let best = await this.take(damping);
    while (!(best.norm < from.norm) && best.damping < mostDamping) best = await this.take(best.damping * between);
    const first = best;
    for (let next = best.damping * between; next < mostDamping; next *= between) {
      const place = await this.take(next);
      if (!(place.norm < best.norm)) break;
      best = place;
    }
    if (best !== first || best.damping !== damping) return best;
    for (let next = damping / between; next > leastDamping && this.tells(next * between, 1.003); next /= between) {
      const place = await this.take(next);
      if (!(place.norm < best.norm)) break;
      best = place;
    }
    return best;
  }

  /** The least damped step beyond `best` that makes ‖g‖ no larger than `times` what it is; null when none does. */
  async bold(best: DampedPlace, times: number): Promise<DampedPlace | null> {
    let bold: DampedPlace | null = null;
    for (let next = best.damping / between; next > leastDamping && this.tells(next * between, 1.01); next /= between) {
      const place = await this.take(next);
      if (!(place.norm < times * this.from.norm)) break;
      bold = place;
    }
    return bold;
  }

  /** Whether a damping hides something of what the space has to tell. */
  private tells(damping: number, by: number): boolean {
    return this.space.residual(damping * this.space.magnitude ** 2) >= by * this.space.residual(0);
  }
}
