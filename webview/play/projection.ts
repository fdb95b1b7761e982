import type { Size } from '../inspect/plotBox';

/** From a place of the plane (-1 … 1 both ways) and a height (0 … 1) to pixels. */
export interface Projection {
  (u: number, v: number, height: number): readonly [x: number, y: number];
  /** How far away a place of the plane is, for what covers what. */
  depth(u: number, v: number): number;
}

/** How steeply one looks down, in radians, and the height of the surface over half its width. */
const tilt = 0.55;
const lift = 0.95;

/** A parallel projection of a surface that is turned about its upright axis, fitted into a paper. */
export function projectionOf({ width, height }: Size, turn: number): Projection {
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  const [down, up] = [Math.sin(tilt), Math.cos(tilt)];
  // The corners reach √2 from the axis; labels stand further out, and a line of text lower.
  const scale = Math.min(width / 3.6, (height - 18) / (3.2 * down + lift * up));
  // A narrow paper leaves room above and below alike.
  const spare = Math.max(0, height - 18 - scale * (3.2 * down + lift * up));
  const centre = { x: width / 2, y: height - 18 - spare / 2 - 1.75 * down * scale };
  const project = (u: number, v: number, rise: number): readonly [number, number] => [
    centre.x + scale * (cosine * u - sine * v),
    centre.y - scale * (down * (sine * u + cosine * v) + up * lift * rise),
  ];
  return Object.assign(project, { depth: (u: number, v: number): number => sine * u + cosine * v });
}
