import type { Layers } from '../../../records/model/layers';
import { Arguments, type Call, type Handler } from '../../interpret/call';
import { compareTensors, dataStep, graphOperation, isTensorLike, tensorBinary } from '../../interpret/tensors';
import { numberValue, stringValue, tensorValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

const loopOf = (call: Call): number | null => call.machine.currentLoop?.id ?? null;

/** One number, drawn anew in each pass of the loop around. */
function oneNumber(low: number, high: number, call: Call): Value {
  const args = { shape: [], seed: call.machine.seeds.python, low, high };
  return dataStep(call.machine, 'randomUniform', args, [], call.range, { shape: [], integer: false, loop: loopOf(call) });
}

function oneInteger(low: number, high: number, call: Call): Value {
  const args = { shape: [], seed: call.machine.seeds.python, low, high };
  return dataStep(call.machine, 'randomInteger', args, [], call.range, { shape: [], integer: true, loop: loopOf(call) });
}

const problemOf = (a: Arguments): Value | null => (a.problems[0] ? { kind: 'unknown', reason: a.problems[0] } : null);

/** Random numbers of the graph. */
const noise = (args: Omit<Layers['noise'], 'call'>, inputs: readonly Value[], call: Call): Value =>
  graphOperation(call.machine, 'noise', { ...args, call: 0 }, inputs, call.range);

/** A number between 0 and 1 with a beta distribution: mixup's share. */
const betaNumber =
  (names: string): Handler =>
  (call) => {
    const a = new Arguments(call, names);
    const [first = '', second = '', size = ''] = names.split(' ');
    const beta = [a.number(first), a.number(second)] as const;
    if (a.given(size)) return unreadable('Several numbers with a beta distribution are not read', call.range);
    if (loopOf(call) === null) return unreadable('A number drawn once with a beta distribution is not read', call.range);
    return (
      problemOf(a) ??
      tensorValue(call.machine.trace.add('noise', { distribution: 'beta', beta, shape: [], call: 0 }, [], call.range))
    );
  };

/** Standard numbers in the shape of what `values` make together. */
function standard(distribution: 'normal' | 'uniform', values: readonly Value[], call: Call): Value {
  const m = call.machine;
  const pattern = values.filter(isTensorLike);
  const [first, second] = pattern;
  if (!first) return unreadable('The shape of these random numbers could not be read', call.range);
  const whole = second ? tensorBinary(m, '+', first, second, call.range) : first;
  if (whole.kind === 'tensor') return noise({ distribution, shape: null }, [whole], call);
  return unreadable('The shape of these random numbers could not be read', call.range);
}

/** 1 with the probability that each element of the tensor says, else 0. */
const bernoulli: Handler = (call) => {
  const a = new Arguments(call, 'input p');
  const x = a.value('input') ?? unknown;
  if (!isTensorLike(x)) return unknown;
  return bernoulliOf(x, a.value('p') ?? x, call);
};

/** 0 or 1 for each element of `x`, with the probability `p`. */
export function bernoulliOf(x: Value, p: Value, call: Call): Value {
  const m = call.machine;
  const drawn = noise({ distribution: 'uniform', shape: null }, [x], call);
  const below = compareTensors(m, '<', drawn, p, call.range);
  return graphOperation(m, 'cast', { to: 'float' }, [below], call.range);
}

/** A distribution of torch.distributions: its parameters by name. */
const distribution =
  (kind: 'Normal' | 'Uniform' | 'Bernoulli' | 'Beta', names: string): Handler =>
  (call) => {
    const a = new Arguments(call, names);
    const entries = new Map<string, Value>([['__distribution', stringValue(kind)]]);
    for (const name of names.split(' ')) entries.set(name, a.value(name) ?? unknown);
    return { kind: 'namespace', entries, missing: '`%` is not an attribute of this distribution', call };
  };

/** `d.sample()` and `d.rsample()`; null when the namespace is no distribution. */
export function sampleOf(d: Value & { readonly kind: 'namespace' }, call: Call, keepsGradient: boolean): Value | null {
  const kind = d.entries.get('__distribution');
  if (kind?.kind !== 'string') return null;
  const of = (name: string): Value => d.entries.get(name) ?? unknown;
  if (call.positional.length > 0 || call.keywords.size > 0)
    return unreadable('Samples of another shape are not read', call.range);
  const m = call.machine;
  const made = ((): Value => {
    switch (kind.value) {
      case 'Normal': {
        const drawn = standard('normal', [of('loc'), of('scale')], call);
        return tensorBinary(m, '+', of('loc'), tensorBinary(m, '*', of('scale'), drawn, call.range), call.range);
      }
      case 'Uniform': {
        const drawn = standard('uniform', [of('low'), of('high')], call);
        const width = tensorBinary(m, '-', of('high'), of('low'), call.range);
        return tensorBinary(m, '+', of('low'), tensorBinary(m, '*', width, drawn, call.range), call.range);
      }
      case 'Bernoulli':
        return isTensorLike(of('probs')) ? bernoulliOf(of('probs'), of('probs'), call) : unknown;
      default: {
        const given = { ...call, positional: ['a', 'b'].map((name) => ({ value: of(name), range: call.range })) };
        return betaNumber('a b')(given);
      }
    }
  })();
  return made.kind === 'tensor' && !keepsGradient ? tensorValue(m.trace.stopped(made.node, call.range)) : made;
}

/** `d.log_prob(x)` of a normal distribution; null for others. */
export function logProbability(d: Value & { readonly kind: 'namespace' }, call: Call): Value | null {
  const kind = d.entries.get('__distribution');
  const x = call.positional[0]?.value ?? call.keywords.get('value')?.value;
  if (kind?.kind !== 'string' || kind.value !== 'Normal' || !x) return null;
  const { machine: m, range } = call;
  const [mean, deviation] = [d.entries.get('loc') ?? unknown, d.entries.get('scale') ?? unknown];
  const distance = tensorBinary(m, '/', tensorBinary(m, '-', x, mean, range), deviation, range);
  const half = tensorBinary(m, '*', graphOperation(m, 'power', { exponent: 2 }, [distance], range), numberValue(-0.5), range);
  const width =
    deviation.kind === 'number' ? numberValue(Math.log(deviation.value)) : graphOperation(m, 'log', {}, [deviation], range);
  const spread = tensorBinary(m, '-', half, width, range);
  return tensorBinary(m, '-', spread, numberValue(0.5 * Math.log(2 * Math.PI)), range);
}

/** Python's and NumPy's single random numbers, and torch's distributions. */
export const randomDraws: FunctionTable = {
  'random.random': (call) => oneNumber(0, 1, call),
  'random.uniform': (call) => {
    const a = new Arguments(call, 'a b');
    const [low, high] = [a.number('a'), a.number('b')];
    return problemOf(a) ?? oneNumber(low, high, call);
  },
  'random.randint': (call) => {
    const a = new Arguments(call, 'a b');
    const [low, high] = [a.number('a'), a.number('b')];
    return problemOf(a) ?? oneInteger(low, high + 1, call);
  },
  'random.randrange': (call) => {
    const two = call.positional.length > 1;
    const a = new Arguments(call, two ? 'start stop' : 'stop');
    const [low, high] = [two ? a.number('start') : 0, a.number('stop')];
    return problemOf(a) ?? (call.positional.length > 2 ? unknown : oneInteger(low, high, call));
  },
  'random.gauss': (call) => {
    const a = new Arguments(call, 'mu sigma');
    const args = { shape: [], seed: call.machine.seeds.python, mean: a.number('mu', 0), deviation: a.number('sigma', 1) };
    return (
      problemOf(a) ??
      dataStep(call.machine, 'randomNormal', args, [], call.range, { shape: [], integer: false, loop: loopOf(call) })
    );
  },
  'random.betavariate': betaNumber('alpha beta'),
  'numpy.random.beta': betaNumber('a b size'),
  'torch.bernoulli': bernoulli,
  'torch.distributions.Normal': distribution('Normal', 'loc scale'),
  'torch.distributions.normal.Normal': distribution('Normal', 'loc scale'),
  'torch.distributions.Uniform': distribution('Uniform', 'low high'),
  'torch.distributions.Bernoulli': distribution('Bernoulli', 'probs'),
  'torch.distributions.Beta': distribution('Beta', 'a b'),
  'torch.distributions.beta.Beta': distribution('Beta', 'a b'),
};
