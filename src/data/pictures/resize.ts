import type { Picture } from './picture';

/** Fraction bits of the weights: those that Pillow uses for pictures of bytes. */
const precision = 22;

/** Which elements of a line an output element is made of, and how. */
interface Weights {
  readonly first: number;
  /** Fixed point with `precision` fraction bits. */
  readonly values: Int32Array;
}

/**
 * A picture in another size, bilinear with the triangle stretched over the elements that fall together, as Pillow's
 * `Image.resize(…, BILINEAR)` does: weights in fixed point, rounded to bytes after each direction, width first.
 */
export function resizePicture(picture: Picture, height: number, width: number): Picture {
  const wide = picture.width === width ? picture : resizeWidth(picture, width);
  return picture.height === height ? wide : resizeHeight(wide, height);
}

function resizeWidth({ height, width, channels, values }: Picture, to: number): Picture {
  const weights = weightsOf(width, to);
  const out = new Uint8Array(height * to * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < to; x++)
      for (let c = 0; c < channels; c++)
        out[(y * to + x) * channels + c] = weighted(weights[x] as Weights, values, y * width * channels + c, channels);
  return { height, width: to, channels, values: out };
}

function resizeHeight({ height, width, channels, values }: Picture, to: number): Picture {
  const weights = weightsOf(height, to);
  const line = width * channels;
  const out = new Uint8Array(to * line);
  for (let y = 0; y < to; y++)
    for (let at = 0; at < line; at++) out[y * line + at] = weighted(weights[y] as Weights, values, at, line);
  return { height: to, width, channels, values: out };
}

function weighted(weights: Weights, values: Uint8Array, start: number, step: number): number {
  let sum = 1 << (precision - 1);
  for (let i = 0; i < weights.values.length; i++)
    sum += (values[start + (weights.first + i) * step] as number) * (weights.values[i] as number);
  return Math.min(255, Math.max(0, sum >> precision));
}

function weightsOf(from: number, to: number): Weights[] {
  const scale = from / to;
  const support = Math.max(scale, 1);
  return Array.from({ length: to }, (_, position) => {
    const centre = (position + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const triangle = Array.from({ length: end - first }, (_, i) =>
      Math.max(0, 1 - Math.abs((i + first - centre + 0.5) / support)),
    );
    const sum = triangle.reduce((total, weight) => total + weight, 0);
    return { first, values: Int32Array.from(triangle, (weight) => Math.trunc(0.5 + (weight / sum) * 2 ** precision)) };
  });
}
