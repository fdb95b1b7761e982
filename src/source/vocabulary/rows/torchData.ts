import { combineSizes, type Size } from '../../../graph/size';
import type { SourceRange, Sourced } from '../../../records/source';
import { Arguments, numbersOf, sizeOf, type Call } from '../../interpret/call';
import { iterationOf } from '../../interpret/iteration';
import { dataStep, partOf } from '../../interpret/tensors';
import type { Machine } from '../../interpret/machine';
import { fromOutside } from '../../interpret/outsideRows';
import { rowNumbers } from '../../interpret/rowNumbers';
import { byDefault } from '../../values/origin';
import type { Array as DataArray, Dataset } from '../../values/dataValues';
import { listValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { madeOf } from '../tensors/torchTensors';
import { collated } from './collating';
import { datasetOf, unreadDataset } from './userDatasets';

const dataset = (components: readonly DataArray[], call: Call, bare = false): Dataset => ({
  kind: 'dataset',
  components,
  range: call.range,
  bare,
  attributes: new Map(),
});

function tensorDataset(call: Call): Value {
  const components: DataArray[] = [];
  for (const { value } of call.positional) {
    if (value.kind !== 'array')
      return value.kind === 'unknown' && value.reason
        ? value
        : unreadable('The tensors of this dataset could not be read', call.range);
    components.push(value);
  }
  return dataset(components, call);
}

function loader(call: Call): Value {
  const a = new Arguments(call, 'dataset batch_size shuffle sampler batch_sampler num_workers collate_fn pin_memory drop_last');
  const value = a.value('dataset');
  const rows = value ? datasetOf(value, call) : null;
  if (!rows)
    return loaderFromOutside(
      unreadDataset(value, unreadable('The dataset of this loader could not be read', a.range('dataset'))),
      a,
    );
  const groups = a.value('batch_sampler');
  if (groups && groups.kind !== 'none') return groupedLoader(rows, groups, call);
  const collate = a.value('collate_fn');
  const own = collate && collate.kind !== 'none' && !isDefaultCollate(collate) ? collated(rows, collate, call) : rows;
  if (own.kind !== 'dataset') return own;
  const whole = a.size('batch_size', 1);
  const full = typeof whole === 'object' || a.argument('batch_size')?.value.kind === 'none';
  const batchSize: Sourced<number> = full ? byDefault(0, call.name) : a.sourcedNumber('batch_size', 1);
  const sampler = a.value('sampler');
  const shuffle = samplerShuffles(sampler, a) ?? a.sourcedBoolean('shuffle', false);
  if (a.problems[0] && !full) return { kind: 'unknown', reason: a.problems[0] };
  const chosen = sampler?.kind === 'namespace' ? restricted(sampler, own, call) : own;
  if (chosen.kind !== 'dataset') return chosen;
  return {
    kind: 'loader',
    dataset: chosen,
    batchSize,
    full,
    shuffle,
    replacement: sampler?.kind === 'inert' && sampler.path.includes('WithReplacement'),
    dropLast: a.boolean('drop_last', false),
    range: call.range,
  };
}

/** A loader of rows that could not be read: how it makes batches of them is known all the same. */
function loaderFromOutside(why: Value, a: Arguments): Value {
  if (why.kind !== 'unknown' || !why.reason) return why;
  const batchSize = a.sourcedNumber('batch_size', 1);
  const shuffle = a.sourcedBoolean('shuffle', false);
  const dropLast = a.boolean('drop_last', false);
  const isKnown = a.problems.length === 0 && !a.given('batch_sampler') && !a.given('sampler');
  return fromOutside(why.reason, isKnown ? { sampling: 'epochs', batchSize, shuffle, dropLast, range: a.call.range } : null);
}

const isDefaultCollate = (value: Value): boolean => value.kind === 'external' && /default_collate$/.test(value.path);

/** `DataLoader(rows, batch_sampler=BatchSampler(sampler, 16, False))`. */
function groupedLoader(rows: Dataset, groups: Value, call: Call): Value {
  const made = groups.kind === 'namespace' && groups.entries.has('__batchSampler') ? groups.call : null;
  if (!made || call.keywords.has('collate_fn')) return unreadable('A loader with its own batch sampler is not read', call.range);
  const names = ['sampler', 'batch_size', 'drop_last'];
  const given = made.positional.map((argument, i) => [names[i] ?? '', argument] as const);
  const keywords = new Map([...given, ...made.keywords]);
  return loader({ ...call, positional: [{ value: rows, range: call.range }], keywords });
}

/** A sampler that draws in random order takes the place of `shuffle=True`. */
function samplerShuffles(sampler: Value | null, a: Arguments): Sourced<boolean> | null {
  if (!sampler || sampler.kind === 'none') return null;
  const place = a.range('sampler');
  if (sampler.kind === 'inert' || sampler.kind === 'namespace')
    return { value: !(sampler.kind === 'inert' && sampler.path.includes('Sequential')), place, chain: [], isDefault: false };
  a.reject('sampler', 'This sampler is not read');
  return null;
}

/** The rows with these numbers: as many as there are numbers. */
const takenRows = (m: Machine, rows: DataArray, numbers: DataArray, range: SourceRange): DataArray =>
  dataStep(m, 'takeRows', {}, [rows, numbers], range, {
    shape: rows.shape && [numbers.shape?.[0] ?? null, ...rows.shape.slice(1)],
  });

/** SubsetRandomSampler(indices): only those rows. */
function restricted(sampler: Value & { readonly kind: 'namespace' }, rows: Dataset, call: Call): Dataset | Value {
  const given = sampler.entries.get('indices') ?? unknown;
  const indices = rowNumbers(call.machine, given, call.range);
  if (!indices)
    return given.kind === 'unknown' && given.reason
      ? given
      : unreadable('The rows of this sampler could not be read', call.range);
  return { ...rows, components: rows.components.map((c) => takenRows(call.machine, c, indices, call.range)) };
}

/** WeightedRandomSampler: its rows are drawn once by their weights; each pass goes through them in another order. */
function weightedSampler(call: Call): Value {
  const a = new Arguments(call, 'weights num_samples replacement');
  const m = call.machine;
  const weights = a.value('weights') ?? unknown;
  const given = weights.kind === 'list' ? madeOf(weights, 'float', 'torch', call) : weights;
  const count = a.size('num_samples');
  if (given.kind !== 'array')
    return given.kind === 'unknown' && given.reason
      ? given
      : unreadable('The weights of the rows could not be read', a.range('weights'));
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  if (!a.boolean('replacement', true)) return unreadable('A weighted sampler without replacement is not read', call.range);
  m.assume('The rows are drawn by their weights once and not anew in each epoch', call.range);
  const drawn = dataStep(m, 'weightedRows', { count, seed: m.drawSeed('torch') }, [given], call.range, {
    shape: [count],
    integer: true,
  });
  return subsetSampler(drawn);
}

const subsetSampler = (indices: Value): Value => ({
  kind: 'namespace',
  entries: new Map<string, Value>([['indices', indices]]),
  missing: '`%` is not an attribute of a sampler',
});

function randomSplit(call: Call): Value {
  const a = new Arguments(call, 'dataset lengths generator');
  const value = a.value('dataset');
  const whole = value ? datasetOf(value, call) : null;
  const lengths = a.value('lengths');
  if (!whole) return unreadDataset(value, unreadable('The dataset of this split could not be read', call.range));
  const sizes = lengths?.kind === 'list' ? lengths.items.map(sizeOf) : null;
  if (!sizes || sizes.some((s) => s === null))
    return unreadable('The lengths of this split could not be read', a.range('lengths'));
  const generator = a.value('generator');
  const seeded = generator?.kind === 'namespace' ? generator.entries.get('seed') : null;
  const seed = seeded?.kind === 'number' ? seeded.value : call.machine.drawSeed('torch');
  const known = sizes as Size[];
  const numbers = numbersOf(lengths as Value) ?? [];
  const args = { lengths: numbers, seed, ...(numbers.length === 0 ? { sizes: known } : {}) };
  const split = dataStep(call.machine, 'randomSplit', args, whole.components, call.range);
  const width = whole.components.length;
  return listValue(
    known.map((size, i) => ({
      ...whole,
      range: call.range,
      components: whole.components.map((component, k) =>
        partOf(call.machine, split, i * width + k, call.range, {
          flavour: component.flavour,
          integer: component.integer,
          shape: component.shape ? [typeof size === 'number' && size < 1 ? null : size, ...component.shape.slice(1)] : null,
          range: component.range,
          fault: component.fault,
        }),
      ),
    })),
    'list',
  );
}

/** How many rows `range(start, end)` names; those of a subset are all there. */
const takenBetween = (start: Size, end: Size): Size =>
  typeof start === 'number' && typeof end === 'number' ? Math.max(0, end - start) : combineSizes('-', end, start);

function subset(call: Call): Value {
  const a = new Arguments(call, 'dataset indices');
  const value = a.value('dataset');
  const whole = value ? datasetOf(value, call) : null;
  const indices = a.value('indices');
  if (!whole || !indices) return unreadDataset(value, unreadable('This subset could not be read', call.range));
  const m = call.machine;
  if (indices.kind === 'range' && indices.step.kind === 'number' && indices.step.value === 1) {
    const [start, end] = [sizeOf(indices.start), sizeOf(indices.stop)];
    if (start !== null && end !== null)
      return {
        ...whole,
        components: whole.components.map((c) =>
          dataStep(m, 'slice', { axis: 0, start, end, step: 1 }, [c], call.range, {
            range: c.range,
            shape: c.shape && [takenBetween(start, end), ...c.shape.slice(1)],
          }),
        ),
      };
  }
  const numbers = rowNumbers(m, indices, call.range);
  if (numbers)
    return {
      ...whole,
      components: whole.components.map((c) => ({ ...takenRows(m, c, numbers, call.range), range: c.range })),
    };
  return unreadable('The rows of this subset could not be read', call.range);
}

function concatenated(call: Call): Value {
  const list = iterationOf(call.machine, call.positional[0]?.value ?? unknown, call.range);
  const sets = list.kind === 'items' ? list.items.flatMap((item) => datasetOf(item, call) ?? []) : [];
  const [one] = sets;
  if (!one || list.kind !== 'items' || sets.length !== list.items.length)
    return unreadable('This dataset could not be read', call.range);
  return {
    ...one,
    components: one.components.map((_, k) =>
      dataStep(
        call.machine,
        'concatenate',
        { axis: 0 },
        sets.flatMap((s) => s.components[k] ?? []),
        call.range,
      ),
    ),
  };
}

/** Datasets, loaders and splits of torch.utils.data. */
export const torchDataTable: FunctionTable = {
  'torch.utils.data.TensorDataset': tensorDataset,
  'torch.utils.data.DataLoader': loader,
  'torch.utils.data.dataloader.DataLoader': loader,
  'torch.utils.data.random_split': randomSplit,
  'torch.utils.data.Subset': subset,
  'torch.utils.data.ConcatDataset': concatenated,
  'torch.utils.data.BatchSampler': (call) => ({
    kind: 'namespace',
    entries: new Map<string, Value>([['__batchSampler', unknown]]),
    missing: '`%` is not an attribute of a sampler',
    call,
  }),
  'torch.utils.data.RandomSampler': () => ({ kind: 'inert', path: 'RandomSampler' }),
  'torch.utils.data.SequentialSampler': () => ({ kind: 'inert', path: 'SequentialSampler' }),
  'torch.utils.data.WeightedRandomSampler': weightedSampler,
  'torch.utils.data.SubsetRandomSampler': (call) => subsetSampler(call.positional[0]?.value ?? unknown),
};
