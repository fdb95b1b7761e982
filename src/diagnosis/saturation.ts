import type { Reading } from './series';

/** Share of a layer's units from which it counts as saturated. [own] */
export const saturatedShare = 0.5;

/** Saturated at every measured step, of which there are three or more. */
export const alwaysSaturated = ({ values }: Reading): boolean =>
  values.length >= 3 && values.every((value) => value >= saturatedShare);

/** Saturated at the last two measured steps. */
export const latelySaturated = ({ values }: Reading): boolean =>
  values.length >= 3 && values.slice(-2).every((value) => value >= saturatedShare);
