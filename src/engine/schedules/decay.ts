import type { DecayCurve } from '../../records/optimizer';

type CurveOf<K extends DecayCurve['kind']> = Extract<DecayCurve, { readonly kind: K }>;

/** Factor on the base rate after `count` ticks of Keras's schedule. */
export function decayFactor(curve: DecayCurve, count: number): number {
  return (curves[curve.kind] as (curve: DecayCurve, count: number) => number)(curve, count);
}

const curves: { readonly [K in DecayCurve['kind']]: (curve: CurveOf<K>, count: number) => number } = {
  exponential: (curve, count) => curve.gamma ** lengths(curve, count),
  inverseTime: (curve, count) => 1 / (1 + curve.gamma * lengths(curve, count)),
  inversePower: ({ power }, count) => (count + 1) ** -power,
  piecewise: ({ boundaries, factors }, count) =>
    factors[boundaries.filter((boundary) => count > boundary).length] ?? factors[factors.length - 1] ?? 1,
  polynomial: ({ length, end, power, cycle }, count) => {
    const whole = cycle ? length * Math.max(1, Math.ceil(count / length)) : length;
    const left = 1 - Math.min(count, whole) / whole;
    return (1 - end) * left ** power + end;
  },
  cosine: ({ length, end, warmUp, top }, count) => {
    if (count < warmUp) return 1 + ((top - 1) * count) / warmUp;
    const share = Math.min(1, (count - warmUp) / length);
    return top * ((1 - end) * 0.5 * (1 + Math.cos(Math.PI * share)) + end);
  },
  cosineRestarts: ({ length, lengthFactor, heightFactor, end }, count) => {
    const { restarts, share } = restartAt(count / length, lengthFactor);
    return (1 - end) * 0.5 * heightFactor ** restarts * (1 + Math.cos(Math.PI * share)) + end;
  },
};

function lengths({ length, staircase }: CurveOf<'exponential' | 'inverseTime'>, count: number): number {
  return staircase ? Math.floor(count / length) : count / length;
}

/** The number of restarts before `place`, in first periods, and the share of the present period. */
function restartAt(place: number, factor: number): { readonly restarts: number; readonly share: number } {
  if (factor === 1) return { restarts: Math.floor(place), share: place - Math.floor(place) };
  const restarts = Math.floor(Math.log(1 - place * (1 - factor)) / Math.log(factor));
  const before = (1 - factor ** restarts) / (1 - factor);
  return { restarts, share: (place - before) / factor ** restarts };
}
