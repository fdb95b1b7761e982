import { Arguments, plainCall, type Handler } from '../../interpret/call';
import type { CellInitializer } from '../../values/trace';
import { stringValue, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

type Mode = 'fanIn' | 'fanOut' | 'fanAverage';
type Distribution = 'uniform' | 'normal' | 'truncatedNormal';

const scaling = (scale: number, mode: Mode, distribution: Distribution): CellInitializer => ({
  kind: 'varianceScaling',
  scale,
  mode,
  distribution,
});

const truncated = (mean: number, deviation: number): CellInitializer => ({
  kind: 'truncatedNormal',
  mean,
  deviation,
  low: mean - 2 * deviation,
  high: mean + 2 * deviation,
});

const modes: Readonly<Record<string, Mode>> = { fan_in: 'fanIn', fan_out: 'fanOut', fan_avg: 'fanAverage' };
const distributions: Readonly<Record<string, Distribution>> = {
  uniform: 'uniform',
  normal: 'truncatedNormal',
  truncated_normal: 'truncatedNormal',
  untruncated_normal: 'normal',
};

interface Entry {
  readonly names: string;
  /** Null for arguments that are not known. */
  readonly make: (a: Arguments) => CellInitializer | null;
}

const fixed = (initializer: CellInitializer): Entry => ({ names: 'seed', make: () => initializer });
const normal: Entry = {
  names: 'mean stddev seed',
  make: (a) => ({ kind: 'normal', mean: a.number('mean', 0), deviation: a.number('stddev', 0.05) }),
};
const uniform: Entry = {
  names: 'minval maxval seed',
  make: (a) => ({ kind: 'uniform', low: a.number('minval', -0.05), high: a.number('maxval', 0.05) }),
};
const truncatedNormal: Entry = {
  names: 'mean stddev seed',
  make: (a) => truncated(a.number('mean', 0), a.number('stddev', 0.05)),
};
const constant = (value: number): Entry => ({ names: '', make: () => ({ kind: 'constant', value }) });

/** keras.initializers with its defaults, by names in small letters without underscores. */
const entries: Readonly<Record<string, Entry>> = {
  glorotuniform: fixed({ kind: 'xavierUniform', gain: 1 }),
  glorotnormal: fixed(scaling(1, 'fanAverage', 'truncatedNormal')),
  heuniform: fixed(scaling(2, 'fanIn', 'uniform')),
  henormal: fixed(scaling(2, 'fanIn', 'truncatedNormal')),
  lecununiform: fixed(scaling(1, 'fanIn', 'uniform')),
  lecunnormal: fixed(scaling(1, 'fanIn', 'truncatedNormal')),
  zeros: constant(0),
  zero: constant(0),
  ones: constant(1),
  one: constant(1),
  constant: { names: 'value', make: (a) => ({ kind: 'constant', value: a.number('value', 0) }) },
  randomnormal: normal,
  normal,
  randomuniform: uniform,
  uniform,
  truncatednormal: truncatedNormal,
  orthogonal: { names: 'gain seed', make: (a) => ({ kind: 'orthogonal', gain: a.number('gain', 1) }) },
  orthogonalinitializer: { names: 'gain seed', make: (a) => ({ kind: 'orthogonal', gain: a.number('gain', 1) }) },
  identity: { names: 'gain', make: (a) => (a.number('gain', 1) === 1 ? { kind: 'identity' } : null) },
  variancescaling: {
    names: 'scale mode distribution seed',
    make: (a) => {
      const mode = modes[a.string('mode', 'fan_in')];
      const distribution = distributions[a.string('distribution', 'truncated_normal')];
      return mode && distribution ? scaling(a.number('scale', 1), mode, distribution) : null;
    },
  },
};

const plain = (name: string): string => name.toLowerCase().replace(/_/g, '');

const object =
  (name: string): Handler =>
  (call) => ({
    kind: 'namespace',
    entries: new Map<string, Value>([['__kerasInitializer', stringValue(name)]]),
    missing: '`%` of an initialiser is not read',
    call,
  });

/** The initialiser that the argument `name` gives, as a string, a class or an object; null when it is not known. */
export function kerasInitializer(given: Arguments, argument: string, fallback: string): CellInitializer | null {
  const value = given.value(argument);
  const made = value?.kind === 'namespace' ? value.entries.get('__kerasInitializer') : null;
  const name =
    value === null || value.kind === 'none'
      ? fallback
      : value.kind === 'string'
        ? value.value
        : value.kind === 'external'
          ? (value.path.split('.').pop() ?? '')
          : made?.kind === 'string'
            ? made.value
            : '';
  const key = plain(name);
  const entry = Object.hasOwn(entries, key) ? entries[key] : undefined;
  if (!entry) return null;
  const call = value?.kind === 'namespace' ? value.call : undefined;
  const a = new Arguments(call ?? plainCall(given.call, []), entry.names);
  const initializer = entry.make(a);
  return a.problems.length > 0 ? null : initializer;
}

/** The same initialiser with ways in and out exchanged: for weights of which Keras counts them the other way round. */
export function withFansExchanged(initializer: CellInitializer): CellInitializer {
  if (initializer.kind !== 'varianceScaling' || initializer.mode === 'fanAverage') return initializer;
  return { ...initializer, mode: initializer.mode === 'fanIn' ? 'fanOut' : 'fanIn' };
}

const classNames =
  'GlorotUniform GlorotNormal HeUniform HeNormal LecunUniform LecunNormal Zeros Ones Constant RandomNormal RandomUniform ' +
  'TruncatedNormal Orthogonal Identity VarianceScaling glorot_uniform glorot_normal he_uniform he_normal lecun_uniform ' +
  'lecun_normal zeros ones constant random_normal random_uniform truncated_normal orthogonal identity variance_scaling';

/** Constructors of keras.initializers, as classes and as functions. */
export const kerasInitializerTable: FunctionTable = Object.fromEntries(
  classNames.split(' ').flatMap((name): [string, Handler][] => [
    [`keras.initializers.${name}`, object(name)],
    [`tensorflow.${name}_initializer`, object(name)],
  ]),
);
