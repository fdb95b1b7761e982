import type { InspectedConditioning } from './conditioning';
import type { InspectedConvexity, InspectedMinima } from './minima';
import type { InspectedNoise } from './noise';
import type { InspectedPoint } from './point';
import type { InspectedRavine } from './ravine';
import type { InspectedRemedies } from './remedies';
import type { InspectedSlice } from './slice';
import type { InspectedDensity, InspectedFrame } from './spectrum';
import type { InspectedSurface } from './surface';
import type { InspectedVerdict } from './verdict';
import type { InspectedEscape, InspectedGains } from './ways';

/*
 * What is known of the loss surface around one point of a run. It comes in parts, each complete in itself; a part that comes again
 * (a finer surface, a verdict with more behind it) takes the place of the earlier one. Losses are those that are trained: an L2 term
 * included, and with its sign turned round where the script maximises. Distances are Euclidean, in parameters.
 */

/** One part of an inspection. */
export type InspectionPart =
  | InspectedPoint
  | InspectedVerdict
  | InspectedSlice
  | InspectedDensity
  | InspectedConditioning
  | InspectedNoise
  | InspectedEscape
  | InspectedGains
  | InspectedConvexity
  | InspectedRavine
  | InspectedRemedies
  | InspectedMinima
  | InspectedFrame
  | InspectedSurface;
