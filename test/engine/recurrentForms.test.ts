import { describe, expect, test } from 'vitest';
import { lowerModel } from '../../src/engine/lowerModel';
import { gradient } from '../../src/graph/differentiate';
import type { ModelGraph } from '../../src/records/model/graph';
import type { RecurrenceModifier } from '../../src/records/model/layers';
import { libraries, runtimeOn } from './onnx/runtimes';
import { allRows, normalTensor, twinOf } from './twins';
import { dataset, experiment, here, loop, ModelBuilder, meanSquaredError, optimizer } from './experiments';
import { statesOf, type Cell } from './recurrentCell';

const [rows, times, width, hidden] = [3, 4, 2, 3];
const gates = { rnn: 1, lstm: 4, gru: 3 } as const;

const x = normalTensor([rows, times, width], 1);
const row = (r: number): number[][] =>
  Array.from({ length: times }, (_, t) => [...x.values.slice((r * times + t) * width, (r * times + t + 1) * width)]);

type Form = Pick<Cell, 'kind' | 'activation' | 'resetAfter' | 'reverse'> & {
  readonly modifiers?: readonly RecurrenceModifier[];
};

/** Further inputs by what they change: which times count in each row, and factors of every gate. */
const counted = [
  [1, 1, 1, 1],
  [1, 1, 0, 0],
  [0, 1, 1, 0],
];
const modifying = ({ kind, modifiers = [] }: Form) => {
  const factors = {
    stateFactors: normalTensor([rows, gates[kind] * hidden], 30),
    inputFactors: normalTensor([rows, gates[kind] * width], 31),
  };
  const places = { values: Float32Array.from(counted.flat()), shape: [rows, times] };
  return modifiers.map((modifier) => (modifier === 'times' ? places : factors[modifier]));
};

const shapesOf = ({ kind }: Form) => {
  const all = gates[kind] * hidden;
  return [[all, width], [all, hidden], [all], [all]] as const;
};

/** The layer over the input; the loss is the mean squared distance of all its states from `y`. */
function modelOf(form: Form): ModelGraph {
  const model = new ModelBuilder();
  const input = model.input();
  const roles = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'];
  const initializer = { kind: 'uniform', low: -1, high: 1 } as const;
  const parameters = Object.fromEntries(
    shapesOf(form).map((shape, i) => [roles[i] ?? '', model.parameter(`r.${roles[i] ?? ''}`, shape, initializer)]),
  );
  const { kind, activation, resetAfter, reverse, modifiers = [] } = form;
  const settings = {
    in: width,
    hidden,
    batchFirst: true,
    reverse,
    result: 'sequence',
    activation,
    resetAfter,
    modifiers,
  } as const;
  const others = modifiers.map((_, i) => model.input(i + 1));
  const states = model.call(kind, [input, ...others], settings, { name: 'r', parameters });
  return model.finish(states, model.call('mse', [states, model.beginLoss()], meanSquaredError));
}

function cellOf(form: Form, values: readonly (readonly number[])[], r: number): Cell {
  const given = modifying(form);
  const factorsOf = (modifier: 'stateFactors' | 'inputFactors', size: number) => {
    const tensor = given[form.modifiers?.indexOf(modifier) ?? -1];
    const count = gates[form.kind];
    return tensor
      ? Array.from({ length: count }, (_, k) => [...tensor.values.slice((r * count + k) * size, (r * count + k + 1) * size)])
      : [];
  };
  const matrix = (flat: readonly number[] = [], columns: number): number[][] =>
    Array.from({ length: flat.length / columns }, (_, i) => flat.slice(i * columns, (i + 1) * columns));
  return {
    ...form,
    weightIn: matrix(values[0], width),
    weightBack: matrix(values[1], hidden),
    biasIn: values[2] ?? [],
    biasBack: values[3] ?? [],
    inputFactors: factorsOf('inputFactors', width),
    stateFactors: factorsOf('stateFactors', hidden),
    counts: form.modifiers?.includes('times') ? (counted[r] ?? []).map(Boolean) : [],
  };
}

const y = normalTensor([rows, times, hidden], 2);
const lossOf = (form: Form, values: readonly (readonly number[])[]): number => {
  const states = Array.from({ length: rows }, (_, r) => statesOf(cellOf(form, values, r), row(r))).flat(2);
  return states.reduce((sum, state, i) => sum + (state - (y.values[i] as number)) ** 2, 0) / states.length;
};

const forms: readonly (readonly [string, Form])[] = [
  [
    'a GRU that resets before the product, as older Keras',
    { kind: 'gru', activation: 'tanh', resetAfter: false, reverse: false },
  ],
  ['a GRU that resets after it', { kind: 'gru', activation: 'tanh', resetAfter: true, reverse: true }],
  ['an LSTM with relu, as Keras lets one write', { kind: 'lstm', activation: 'relu', resetAfter: false, reverse: false }],
  ['an LSTM from the end', { kind: 'lstm', activation: 'tanh', resetAfter: false, reverse: true }],
  ['an RNN of sigmoids', { kind: 'rnn', activation: 'sigmoid', resetAfter: false, reverse: false }],
  [
    'an LSTM with times that do not count',
    { kind: 'lstm', activation: 'tanh', resetAfter: false, reverse: true, modifiers: ['times'] },
  ],
  [
    'an LSTM with factors of each gate',
    { kind: 'lstm', activation: 'tanh', resetAfter: false, reverse: false, modifiers: ['stateFactors', 'inputFactors'] },
  ],
  [
    'a GRU with all of these',
    { kind: 'gru', activation: 'tanh', resetAfter: true, reverse: false, modifiers: ['times', 'stateFactors', 'inputFactors'] },
  ],
  [
    'a GRU that resets before, with factors of the state',
    { kind: 'gru', activation: 'relu', resetAfter: false, reverse: false, modifiers: ['stateFactors'] },
  ],
  [
    'an RNN with factors and times that do not count',
    { kind: 'rnn', activation: 'tanh', resetAfter: false, reverse: false, modifiers: ['times', 'stateFactors'] },
  ],
  ['a linear RNN', { kind: 'rnn', activation: 'linear', resetAfter: false, reverse: true }],
];

describe.each(libraries)('recurrent layers are what their formulas say, on %s', (library) => {
  const runtime = runtimeOn(library, { threads: 1 });
  test.each(forms)('%s', async (_, form) => {
    const model = modelOf(form);
    const lowered = lowerModel(
      model,
      { inputs: [x, ...modifying(form)], targets: [y] },
      {},
      { rows, batchNorm: 'train', dropout: false },
      here,
    );
    if (!lowered.ok) throw new Error(lowered.error.text);
    const { graph, loss, parameters, data } = lowered.value;
    const derivatives = gradient(graph, loss, parameters);
    const compiled = await runtime.compile({
      inputs: [...data, ...parameters.map((tensor, i) => ({ name: `p${i}`, tensor }))],
      outputs: [{ name: 'loss', tensor: loss }, ...derivatives.map((tensor, i) => ({ name: `g${i}`, tensor }))],
    });
    const values = shapesOf(form).map((shape, i) => [...normalTensor(shape, 3 + i).values].map((v) => Math.fround(0.6 * v)));
    const results = await compiled.run({
      'input/0': x.values as Float32Array,
      'target/0': y.values as Float32Array,
      ...Object.fromEntries(modifying(form).map((tensor, i) => [`input/${i + 1}`, tensor.values as Float32Array])),
      ...Object.fromEntries(values.map((v, i) => [`p${i}`, Float32Array.from(v)])),
    });
    compiled.dispose();
    expect(results['loss']?.[0]).toBeCloseTo(lossOf(form, values), 5);
    const directions = values.map((v, i) => [...normalTensor([v.length], 9 + i).values]);
    const moved = (step: number) => values.map((v, i) => v.map((entry, k) => entry + step * (directions[i]?.[k] ?? 0)));
    const slope = (lossOf(form, moved(1e-5)) - lossOf(form, moved(-1e-5))) / 2e-5;
    const ours = directions.reduce((sum, d, i) => sum + d.reduce((s, e, k) => s + e * (results[`g${i}`]?.[k] as number), 0), 0);
    expect(Math.abs(ours - slope)).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)));
  });
});

describe('the states of a recurrent layer', () => {
  test.each([
    ['rnn', true],
    ['lstm', false],
  ] as const)('of kind %s are told unit by unit, saturation where they have one', async (kind, saturates) => {
    const form: Form = { kind, activation: 'tanh', resetAfter: false, reverse: false };
    const model = modelOf(form);
    const unit = experiment({ model, optimizer: optimizer('sgd', 0.1, model.parameters.length), loop: loop() });
    const twin = await twinOf(unit, dataset(x, y));
    const values = shapesOf(form).map((shape, i) => [...normalTensor(shape, 3 + i).values]);
    const objective = twin.objective('train', allRows(rows));
    const [layer] = (await objective.observe(Float32Array.from(values.flat()), { rowGradients: false })).units;
    const states = Array.from({ length: rows }, (_, r) => statesOf(cellOf(form, values, r), row(r))).flat();
    expect(layer?.mean).toHaveLength(hidden);
    layer?.mean.forEach((mean, u) => {
      const own = states.map((state) => state[u] ?? 0);
      expect(mean).toBeCloseTo(own.reduce((a, b) => a + b, 0) / own.length, 5);
      if (saturates) expect(layer.slope?.[u]).toBeCloseTo(own.reduce((sum, a) => sum + 1 - a * a, 0) / own.length, 5);
      else expect(layer.slope).toBeNull();
    });
    objective.dispose();
    twin.dispose();
  });
});
