import { Random } from '../../../base/random';
import { Arguments, numbersOf, type Call, type Handler } from '../../interpret/call';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { listValue, none, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

/** Data steps of one call, with numbers and arrays as inputs. */
class Maker {
  constructor(
    private readonly call: Call,
    private readonly seed: number | null,
  ) {}

  literal(shape: readonly number[], values: readonly number[], integer = false): DataArray {
    const args = { shape, values, integer };
    return dataStep(this.call.machine, 'literal', args, [], this.call.range, { shape, integer, flavour: 'numpy' });
  }

  normal(shape: readonly number[], deviation = 1): DataArray {
    const args = { shape, seed: this.seed, mean: 0, deviation };
    return dataStep(this.call.machine, 'randomNormal', args, [], this.call.range, { shape, integer: false, flavour: 'numpy' });
  }

  uniform(shape: readonly number[], low: number, high: number): DataArray {
    const args = { shape, seed: this.seed, low, high };
    return dataStep(this.call.machine, 'randomUniform', args, [], this.call.range, { shape, integer: false, flavour: 'numpy' });
  }

  filled(shape: readonly number[], value: number): DataArray {
    return dataStep(this.call.machine, 'filled', { shape, value }, [], this.call.range, {
      shape,
      integer: false,
      flavour: 'numpy',
    });
  }

  /** `count` angles from 0 to `end`. */
  angles(count: number, end: number): DataArray {
    return dataStep(this.call.machine, 'linspace', { start: 0, end, count }, [], this.call.range, {
      shape: [count],
      integer: false,
    });
  }

  of(kind: 'add' | 'multiply' | 'matmul', a: DataArray, b: DataArray, shape = a.shape): DataArray {
    return dataStep(this.call.machine, kind, {}, [a, b], this.call.range, { shape, integer: false });
  }

  /** a · factor + offset. */
  line(a: DataArray, factor: number, offset: number): DataArray {
    return this.of('add', this.of('multiply', a, this.literal([], [factor])), this.literal([], [offset]));
  }

  turn(a: DataArray, name: 'sin' | 'cos'): DataArray {
    return dataStep(this.call.machine, 'unary', { function: name }, [a], this.call.range);
  }

  columns(parts: readonly DataArray[], rows: number): DataArray {
    return dataStep(this.call.machine, 'stack', { axis: 1 }, parts, this.call.range, { shape: [rows, parts.length] });
  }

  joined(parts: readonly DataArray[], axis: number, shape: readonly number[]): DataArray {
    return dataStep(this.call.machine, 'concatenate', { axis }, parts, this.call.range, { shape });
  }

  rows(a: DataArray, places: DataArray, shape: readonly number[]): DataArray {
    return dataStep(this.call.machine, 'takeRows', {}, [a, places], this.call.range, { shape, integer: a.integer });
  }

  /** Class numbers: `counts[i]` rows of i. */
  labels(counts: readonly number[]): DataArray {
    const total = counts.reduce((a, b) => a + b, 0);
    const parts = counts.map((count, i) => this.filled([count], i));
    const whole = this.joined(parts, 0, [total]);
    return dataStep(this.call.machine, 'cast', { to: 'integer' }, [whole], this.call.range, { integer: true });
  }

  /** A share of class numbers drawn anew. */
  flipped(y: DataArray, rows: number, share: number, classes: number): DataArray {
    const { machine, range } = this.call;
    const some = dataStep(machine, 'compare', { function: '<' }, [this.uniform([rows], 0, 1), this.literal([], [share])], range);
    const args = { shape: [rows], seed: this.seed, low: 0, high: classes };
    const others = dataStep(machine, 'randomInteger', args, [], range, { shape: [rows], integer: true });
    const change = dataStep(machine, 'subtract', {}, [others, y], range, { integer: true });
    const changed = this.of('add', y, this.of('multiply', change, some));
    return dataStep(machine, 'cast', { to: 'integer' }, [changed], range, { integer: true });
  }

  /** Inputs and targets as the function returns them, in mixed order unless the script forbids it. */
  result(a: Arguments, x: DataArray, y: DataArray): Value {
    const rows = x.shape?.[0] ?? 0;
    if (!a.boolean('shuffle', true)) return listValue([x, y], 'tuple');
    const args = { size: rows, seed: this.seed };
    const order = dataStep(this.call.machine, 'randomPermutation', args, [], this.call.range, { shape: [rows], integer: true });
    const mixed = [x, y].map((array) => this.rows(array, order, (array.shape ?? []) as number[]));
    return listValue(mixed, 'tuple');
  }
}

/** A function of sklearn.datasets that draws rows; `make` reports what it cannot follow as problems of its arguments. */
const drawn =
  (names: string, make: (m: Maker, a: Arguments, seed: number | null) => Value): Handler =>
  (call) => {
    const a = new Arguments(call, names);
    const seed = a.given('random_state') ? a.number('random_state') : call.machine.drawSeed('numpy');
    const made = make(new Maker(call, seed), a, seed);
    return a.problems[0] ? { kind: 'unknown', reason: a.problems[0] } : made;
  };

/** Clusters of rows are drawn up to this many, with centres of this many numbers together. */
const mostClusters = 4_096;
const mostCoordinates = 2 ** 18;

/** How many rows each of `parts` gets, the first ones one more. */
const shares = (rows: number, parts: number): number[] =>
  Array.from({ length: parts }, (_, i) => Math.floor(rows / parts) + (i < rows % parts ? 1 : 0));

function rowsOf(a: Arguments): number {
  const rows = a.number('n_samples', 100);
  if (!Number.isInteger(rows) || rows < 1) a.reject('n_samples', 'This number of rows is not read');
  return Number.isInteger(rows) && rows > 0 ? rows : 1;
}

/** Two closed or half curves, the first for class 0, with normal noise. */
function curves(m: Maker, a: Arguments, x: DataArray, counts: readonly number[]): Value {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const noise = a.given('noise') ? a.number('noise') : 0;
  return m.result(a, noise > 0 ? m.of('add', x, m.normal([rows, 2], noise)) : x, m.labels(counts));
}

const moons = drawn('n_samples', (m, a) => {
  const rows = rowsOf(a);
  const outer = Math.floor(rows / 2);
  const [t, u] = [m.angles(outer, Math.PI), m.angles(rows - outer, Math.PI)];
  const upper = m.columns([m.turn(t, 'cos'), m.turn(t, 'sin')], outer);
  const lower = m.columns([m.line(m.turn(u, 'cos'), -1, 1), m.line(m.turn(u, 'sin'), -1, 0.5)], rows - outer);
  return curves(m, a, m.joined([upper, lower], 0, [rows, 2]), [outer, rows - outer]);
});

const circles = drawn('n_samples', (m, a) => {
  const rows = rowsOf(a);
  const factor = a.number('factor', 0.8);
  const outer = Math.floor(rows / 2);
  const ring = (count: number, radius: number): DataArray => {
    const t = m.angles(count, 2 * Math.PI * (1 - 1 / Math.max(1, count)));
    return m.columns([m.line(m.turn(t, 'cos'), radius, 0), m.line(m.turn(t, 'sin'), radius, 0)], count);
  };
  return curves(m, a, m.joined([ring(outer, 1), ring(rows - outer, factor)], 0, [rows, 2]), [outer, rows - outer]);
});

const blobs = drawn('n_samples n_features', (m, a) => {
  const rows = rowsOf(a);
  const given = a.value('centers');
  const points = given?.kind === 'list' ? given.items.map(numbersOf) : null;
  const count = points ? points.length : a.given('centers') ? a.number('centers') : 3;
  const features = points ? (points[0]?.length ?? 0) : a.number('n_features', 2);
  if (points?.some((point) => point?.length !== features)) a.reject('centers', 'These centres could not be read');
  if (!(count <= mostClusters)) a.reject('centers', 'These are too many centres');
  const [low = -10, high = 10] = a.given('center_box') ? (numbersOf(a.value('center_box') ?? none) ?? []) : [];
  const deviation = a.number('cluster_std', 1);
  if (a.problems.length > 0) return none;
  const centres = points
    ? m.literal(
        [count, features],
        points.flatMap((p) => p ?? []),
      )
    : m.uniform([count, features], low, high);
  const y = m.labels(shares(rows, count));
  return m.result(a, m.of('add', m.rows(centres, y, [rows, features]), m.normal([rows, features], deviation)), y);
});

const regression = drawn('n_samples n_features', (m, a) => {
  const rows = rowsOf(a);
  const features = a.number('n_features', 100);
  const informative = Math.min(features, a.number('n_informative', 10));
  for (const name of ['n_targets', 'effective_rank', 'coef'])
    if (a.given(name) && !(name === 'n_targets' && a.number(name) === 1)) a.reject(name, `\`${name}\` is not followed`);
  if (a.problems.length > 0) return none;
  const x = m.normal([rows, features]);
  const rest = features - informative;
  const weights = m.uniform([informative], 0, 100);
  const all = rest > 0 ? m.joined([weights, m.filled([rest], 0)], 0, [features]) : weights;
  const plain = m.line(m.of('matmul', x, all, [rows]), 1, a.number('bias', 0));
  const noise = a.number('noise', 0);
  return m.result(a, x, noise > 0 ? m.of('add', plain, m.normal([rows], noise)) : plain);
});

/** Corners of a cube in `dimensions`, different ones, drawn like all else by the seed. */
function corners(count: number, dimensions: number, seed: number | null): number[][] {
  const all = 2 ** Math.min(dimensions, 20);
  const order = new Random(seed ?? 0).permutation(all);
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: dimensions }, (_unused, axis) => (((order[i] ?? 0) >> axis) & 1 ? 1 : -1)),
  );
}

/** Rows of each cluster: alike, or by the share of its class, with what rounding leaves given to the first ones. */
function clusterSizes(a: Arguments, rows: number, clusters: number, classes: number): number[] {
  const given = a.given('weights') && a.value('weights')?.kind !== 'none' ? numbersOf(a.value('weights') ?? none) : [];
  if (!given || (given.length > 0 && given.length !== classes && given.length !== classes - 1))
    a.reject('weights', '`weights` is not followed');
  if (!given || given.length === 0) return shares(rows, clusters);
  const all = given.length === classes ? given : [...given, 1 - given.reduce((sum, share) => sum + share, 0)];
  const sizes = Array.from({ length: clusters }, (_, k) => Math.trunc((rows * (all[k % classes] ?? 0)) / (clusters / classes)));
  const left = rows - sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size, k) => size + Math.floor(left / clusters) + (k < left % clusters ? 1 : 0));
}

const classification = drawn('n_samples n_features', (m, a, seed) => {
  const rows = rowsOf(a);
  const features = a.number('n_features', 20);
  const [informative, redundant] = [a.number('n_informative', 2), a.number('n_redundant', 2)];
  const [classes, perClass] = [a.number('n_classes', 2), a.number('n_clusters_per_class', 2)];
  for (const name of ['n_repeated', 'shift', 'scale', 'hypercube'])
    if (a.given(name)) a.reject(name, `\`${name}\` is not followed`);
  const clusters = classes * perClass;
  if (clusters > 2 ** Math.min(informative, 20)) a.reject('n_informative', 'There are fewer corners than clusters');
  if (!(clusters <= mostClusters && clusters * informative <= mostCoordinates))
    a.reject('n_clusters_per_class', 'These are too many clusters');
  if (a.problems.length > 0) return none;
  const counts = clusterSizes(a, rows, clusters, classes);
  if (a.problems.length > 0) return none;
  const separation = a.number('class_sep', 1);
  const centres = corners(clusters, informative, seed);
  const parts = centres.map((centre, i) => {
    const shape = [counts[i] ?? 0, informative];
    const spread = m.of('matmul', m.normal(shape), m.uniform([informative, informative], -1, 1), shape);
    return m.of(
      'add',
      spread,
      m.literal(
        [informative],
        centre.map((c) => c * separation),
      ),
    );
  });
  const signal = m.joined(parts, 0, [rows, informative]);
  const noise = features - informative - redundant;
  const columns = [
    signal,
    ...(redundant > 0 ? [m.of('matmul', signal, m.uniform([informative, redundant], -1, 1), [rows, redundant])] : []),
    ...(noise > 0 ? [m.normal([rows, noise])] : []),
  ];
  const x = columns.length > 1 ? m.joined(columns, 1, [rows, features]) : signal;
  const names = m.literal(
    [clusters],
    centres.map((_, i) => i % classes),
    true,
  );
  const y = m.rows(names, m.labels(counts), [rows]);
  const flips = a.number('flip_y', 0.01);
  return m.result(a, x, flips > 0 ? m.flipped(y, rows, flips, classes) : y);
});

const inexact =
  (name: string, handler: Handler): Handler =>
  (call) => {
    const made = handler(call);
    if (made.kind === 'unknown' || made.kind === 'none') return made.kind === 'none' ? unreadable(name, call.range) : made;
    call.machine.assume(`The rows of ${name} are drawn anew: the same distribution, other numbers`, call.range);
    return made;
  };

/** Tables that scikit-learn draws: equal in distribution, not number by number. */
export const syntheticTable: FunctionTable = Object.fromEntries(
  Object.entries({
    make_moons: moons,
    make_circles: circles,
    make_blobs: blobs,
    make_regression: regression,
    make_classification: classification,
  }).flatMap(([name, handler]): [string, Handler][] =>
    ['datasets', 'datasets.samples_generator'].map((module) => [`sklearn.${module}.${name}`, inexact(name, handler)]),
  ),
);
