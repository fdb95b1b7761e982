import type { GradientAt } from './gradientDifference';
import { MinresSpace } from './minres';
import { placeAt, type GradientPlace } from './newtonSteps';
import type { LinearOperator } from './operator';
import { norm, plus } from './vector';

/** Half the distance of two numbers of single precision, relative. */
const halfUnit = 2 ** -24;

/** ‖g(θ') - g(θ)‖ where θ' is θ with every entry moved by half a unit of its last place, by turns up and down: below it ‖g‖ tells nothing. */
export async function gradientRounding(gradientAt: GradientAt, { theta, gradient }: GradientPlace): Promise<number> {
  // Half a unit would be rounded away by half of the entries; a whole one moves each.
  const moved = theta.map((x, i) => x * (1 + (i % 2 === 0 ? 2 : -2) * halfUnit));
  return 0.5 * norm(plus((await placeAt(gradientAt, moved)).gradient, -1, gradient));
}

/** Distances, over ‖θ‖, between which a smooth gradient's departure from its linear model falls sixteenfold. */
const [wide, narrow] = [2e-3, 5e-4];
/** Departures must be so many times rounding to be judged. */
const aboveRounding = 30;
const directionSize = 20;

/**
 * Whether the gradient jumps: along a Newton direction, what it departs from its linear model at a small distance should fall with the
 * square of the distance, and jumps stay. So it is beside kinks of rectifiers, where the Hessian leaves out what a step crosses.
 */
export async function hasKinks(
  gradientAt: GradientAt,
  hessian: LinearOperator,
  { theta, gradient }: GradientPlace,
  rounding: number,
): Promise<boolean> {
  const space = new MinresSpace(hessian, gradient, directionSize);
  await space.extend(directionSize);
  const { solution } = space.solve(1e-7 * space.magnitude ** 2);
  space.close();
  const length = norm(solution);
  if (!(length > 0)) return false;
  const image = new Float32Array(theta.length);
  await hessian.apply(solution, image);
  const departure = async (share: number): Promise<number> => {
    const times = (share * norm(theta)) / length;
    const { gradient: there } = await placeAt(gradientAt, plus(theta, -times, solution));
    return norm(plus(plus(there, -1, gradient), times, image));
  };
  const near = await departure(narrow);
  return near > aboveRounding * rounding && near > 0.3 * (await departure(wide));
}
