/** Which steps of a run have their norms taken. It changes nothing in the run itself. */
export interface Watch {
  /** The first such step from `step` on; Infinity when there is none. */
  next(step: number): number;
}

/** Steps whose number is a multiple of `n`. */
export const everyNth = (n: number): Watch => ({ next: (step) => Math.ceil(step / n) * n });

/** No step. */
export const unwatched: Watch = { next: () => Infinity };

/** The listed steps, which are in ascending order. */
export function watchedAt(steps: readonly number[]): Watch {
  let place = 0;
  return {
    next: (step) => {
      // Questions mostly come in order.
      if (place > 0 && (steps[place - 1] as number) >= step) place = 0;
      while (place < steps.length && (steps[place] as number) < step) place++;
      return steps[place] ?? Infinity;
    },
  };
}
