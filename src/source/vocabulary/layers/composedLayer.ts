import type { SourceRange } from '../../../records/source';
import type { Arguments } from '../../interpret/call';
import type { Layer, ParameterCell } from '../../values/trace';
import type { Value } from '../../values/value';

/** Parameters by their names in a layer. */
export type Cells = Record<string, ParameterCell>;

/** A layer whose call is more than one step; unknown where its arguments have a problem. */
export function composedLayer(
  path: string,
  a: Arguments,
  parameters: Cells,
  places: Readonly<Record<string, SourceRange>>,
  apply: NonNullable<Layer['apply']>,
): Value {
  a.rejectOthers('device dtype inplace');
  const [problem] = a.problems;
  if (problem) return { kind: 'unknown', reason: problem };
  const attributes = new Map<string, number>();
  return { kind: 'layer', path, step: null, parameters, range: a.call.range, places, training: true, attributes, apply };
}
