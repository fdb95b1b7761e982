import type { SourceRange } from '../../../records/source';
import { Arguments, sizeOf, type Call } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import { axisSize, dataStep } from '../../interpret/tensors';
import { byDefault } from '../../values/origin';
import type { Array as DataArray, Dataset } from '../../values/dataValues';
import { unreadable, type Value } from '../../values/value';

type Streamed = NonNullable<Dataset['streamed']>;

/** The one order in which the rows of a mixed set are parted, by what its parts share. */
const orders = new WeakMap<Streamed, DataArray>();
/** Parts of mixed sets: their rows are in that order already. */
const inOrder = new WeakSet<Streamed>();

/** `shuffle(n)`: each pass mixes anew, unless the script says `reshuffle_each_iteration=False`: then all have one order. */
export function shuffledRows(set: Dataset, call: Call): Value {
  const a = new Arguments(call, 'buffer_size seed reshuffle_each_iteration');
  const buffer = a.value('buffer_size');
  const seed = a.given('seed') ? a.number('seed') : null;
  const isMixedOnce = !a.boolean('reshuffle_each_iteration', true);
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  const rows = set.components[0]?.shape?.[0];
  if (buffer?.kind === 'number' && typeof rows === 'number' && buffer.value < rows)
    call.machine.assume(`The rows are mixed in a buffer of ${buffer.value}; here all ${rows} are mixed`, call.range);
  const place = a.range('buffer_size');
  const shuffle = { value: true, place, chain: [], isDefault: false };
  if (!isMixedOnce) return { ...set, streamed: { shuffle } };
  const components = taken(call.machine, set, orderOf(call.machine, set, seed, call.range), call.range);
  return { ...set, components, streamed: { shuffle: byDefault(false, call.name) } };
}

/** `take(n)`, the first rows, or `skip(n)`, those after them. Of rows that each pass mixes anew, one parting stays. */
export function partOfRows(set: Dataset, call: Call, first: boolean): Value {
  const m = call.machine;
  const count = sizeOf(call.positional[0]?.value ?? call.keywords.get('count')?.value ?? null);
  if (count === null) return unreadable('These rows could not be told', call.range);
  const args = { axis: 0, start: first ? 0 : count, end: first ? count : null, step: 1 };
  const components = rowsToPart(m, set, call.range).map((component) =>
    dataStep(m, 'slice', args, [component], call.range, {
      shape: component.shape ? [first ? count : null, ...component.shape.slice(1)] : null,
    }),
  );
  const streamed: Streamed = { ...set.streamed };
  inOrder.add(streamed);
  return { ...set, components, streamed };
}

function rowsToPart(m: Machine, set: Dataset, range: SourceRange): Dataset['components'] {
  const { streamed, components } = set;
  if (!streamed?.shuffle?.value || inOrder.has(streamed)) return components;
  let order = orders.get(streamed);
  if (!order) {
    m.assume('The script parts mixed rows anew in each pass; here one parting stays', range);
    order = orderOf(m, set, null, range);
    orders.set(streamed, order);
  }
  return taken(m, set, order, range);
}

function orderOf(m: Machine, { components: [first] }: Dataset, seed: number | null, range: SourceRange): DataArray {
  const size = first ? axisSize(m, first, 0) : 0;
  return dataStep(m, 'randomPermutation', { size, seed }, [], range, { shape: [size], integer: true });
}

const taken = (m: Machine, { components }: Dataset, order: DataArray, range: SourceRange): DataArray[] =>
  components.map((component) =>
    dataStep(m, 'takeRows', {}, [component, order], range, { shape: component.shape, integer: component.integer }),
  );
