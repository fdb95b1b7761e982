import type { Graph } from '../../graph/graph';
import { sizeOf, type Tensor } from '../../graph/operations';
import type { RecurrenceModifier, RecurrentActivation } from '../../records/model/layers';
import { floatInput, inputOf, LoweringError, parameterOf, requiredParameter, type LowerTable, type Site } from './lowering';

type RecurrentKind = 'rnn' | 'lstm' | 'gru';

/** What a recurrent layer remembers, each [rows, hidden]; h of a projected LSTM [rows, projected]. */
interface State {
  readonly h: Tensor;
  readonly c: Tensor | null;
}

/** What the input gives at one time, [rows, width] for each of `Steps.parts`. */
type Given = readonly [Tensor, Tensor];

/** One step in time: the state that follows. */
type Step = (given: Given, state: State) => State;

/**
 * Recurrent layers, written out step by step. The products with the inputs of all times are one product before the steps; a
 * step multiplies the state alone.
 */
export const recurrent: LowerTable<RecurrentKind> = {
  rnn: (site) =>
    unrolled(site, (g, { weight, activation, pushedBy }) => ({
      addsBias: true,
      step: ([given], { h }) => ({ h: activation(g.add(given, pushedBy(h, weight, [0]))), c: null }),
    })),
  lstm: (site) =>
    unrolled(site, (g, { weight, activation, hidden, projected, pushedBy }) => {
      // The three gates beside each other, so that one sigmoid does for them: i, f, o, g.
      const reorder = (x: Tensor): Tensor =>
        g.concat([part(g, x, 0, 0, 2 * hidden), part(g, x, 0, 3 * hidden, hidden), part(g, x, 0, 2 * hidden, hidden)], 0);
      const recurrentWeight = reorder(weight);
      return {
        addsBias: true,
        parts: [reorder],
        step: ([given], { h, c }) => {
          const all = g.add(given, pushedBy(h, recurrentWeight, [0, 1, 3, 2]));
          const gates = g.sigmoid(part(g, all, 1, 0, 3 * hidden));
          const fresh = activation(part(g, all, 1, 3 * hidden, hidden));
          const [input, forget, output] = [0, 1, 2].map((k) => part(g, gates, 1, k * hidden, hidden)) as [Tensor, Tensor, Tensor];
          const written = g.mul(input, fresh);
          const cell = c === null ? written : g.add(g.mul(forget, c), written);
          return { h: projected(g.mul(output, activation(cell))), c: cell };
        },
      };
    }),
  gru: (site) =>
    unrolled(site, (g, { weight, bias, activation, hidden, pushedBy }) => {
      const { resetAfter } = site.node.arguments;
      const both = 2 * hidden;
      const gatesOf = (x: Tensor): Tensor => part(g, x, 0, 0, both);
      const newOf = (x: Tensor): Tensor => part(g, x, 0, both, hidden);
      const pushed = (h: Tensor, cut: (x: Tensor) => Tensor, ...gates: readonly number[]): Tensor =>
        shifted(g, pushedBy(h, cut(weight), gates), bias && cut(bias));
      return {
        addsBias: false,
        // The two kinds of gates apart: they meet the state at different places.
        parts: [gatesOf, newOf],
        step: ([givenGates, givenNew], { h }) => {
          const all = resetAfter ? pushed(h, (x) => x, 0, 1, 2) : pushed(h, gatesOf, 0, 1);
          const gates = g.sigmoid(g.add(givenGates, part(g, all, 1, 0, both)));
          const reset = part(g, gates, 1, 0, hidden);
          const update = part(g, gates, 1, hidden, hidden);
          const old = resetAfter ? g.mul(reset, part(g, all, 1, both, hidden)) : pushed(g.mul(reset, h), newOf, 2);
          const fresh = activation(g.add(givenNew, old));
          return { h: g.add(fresh, g.mul(update, g.sub(h, fresh))), c: null };
        },
      };
    }),
};

const shifted = (g: Graph, x: Tensor, bias: Tensor | null): Tensor => (bias === null ? x : g.add(x, bias));

/** What the steps of one kind are made of. */
interface Steps {
  /** Cuts the rows of `weight_ih` and of the biases into those that are given apart; by default all at once. */
  readonly parts?: readonly ((x: Tensor) => Tensor)[];
  /** Whether `bias_hh` joins the input's part, once for all times. */
  readonly addsBias: boolean;
  readonly step: Step;
}

interface Parts {
  /** weight_hh and bias_hh. */
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  readonly activation: (x: Tensor) => Tensor;
  /** The product of the state with rows of `weight_hh`, which belong to these gates. */
  readonly pushedBy: (h: Tensor, weight: Tensor, gates: readonly number[]) => Tensor;
  /** What becomes of the state before it is given on. */
  readonly projected: (h: Tensor) => Tensor;
  readonly hidden: number;
}

/** x as [times · rows, in] with the times outermost, and how many there are of each. */
interface Sequence {
  readonly flat: Tensor;
  readonly times: number;
  readonly rows: number;
}

function unrolled(site: Site<RecurrentKind>, stepsOf: (g: Graph, parts: Parts) => Steps): Tensor {
  const { graph: g } = site.context;
  const { batchFirst, reverse, result, activation } = site.node.arguments;
  const weight = requiredParameter(site, 'weight_hh');
  const projection = parameterOf(site, 'weight_hr');
  const [gates = 1, width = 1] = weight.shape;
  const hidden = site.node.kind === 'lstm' ? gates / 4 : width;
  const { flat, times, rows } = sequenceOf(site);
  const factors = modifierOf(site, 'stateFactors');
  const recurrentBias = parameterOf(site, 'bias_hh');
  const steps = stepsOf(g, {
    weight,
    bias: recurrentBias,
    activation: (x) => activated(g, x, activation),
    pushedBy: (h, rowsOfWeight, gatesOfRows) =>
      factors === null
        ? g.matmul(h, rowsOfWeight, { transposeB: true })
        : byGates(g, rowsOfWeight, hidden, (at) => g.mul(h, part(g, factors, 1, (gatesOfRows[at] ?? 0) * hidden, hidden))),
    projected: (h) => (projection === null ? h : g.matmul(h, projection, { transposeB: true })),
    hidden,
  });
  const inputBias = parameterOf(site, 'bias_ih');
  const added = steps.addsBias && recurrentBias !== null ? [recurrentBias] : [];
  const biases = inputBias === null ? added : [inputBias, ...added];
  const bias = biases.length === 0 ? null : biases.reduce((a, b) => g.add(a, b));
  const ofInput = inputProduct(site, { flat, times, rows }, hidden);
  const given = (steps.parts ?? [(x: Tensor) => x]).map((cut) => shifted(g, ofInput(cut), bias && cut(bias)));
  let state: State = { h: firstState(site, 1, rows, width) ?? g.fill(0, [rows, width]), c: firstState(site, 2, rows, hidden) };
  const counts = modifierOf(site, 'times');
  const states: Tensor[] = new Array<Tensor>(times);
  for (let k = 0; k < times; k++) {
    const time = reverse ? times - 1 - k : k;
    const next = steps.step(given.map((all) => part(g, all, 0, time * rows, rows)) as unknown as Given, state);
    state = counts === null ? next : whereCounted(g, part(g, counts, 1, time, 1), next, state);
    states[time] = state.h;
  }
  const isSingle = inputOf(site).shape.length === 2;
  if (result !== 'sequence') {
    const end = result === 'cell' ? state.c : state.h;
    if (end === null) throw new LoweringError(`'${site.node.name}' has no cell state.`);
    return isSingle ? end : g.reshape(end, [1, ...end.shape]);
  }
  if (isSingle) return g.concat(states, 0);
  const axis = batchFirst ? 1 : 0;
  const shape = batchFirst ? [rows, 1, width] : [1, rows, width];
  return g.concat(
    states.map((h) => g.reshape(h, shape)),
    axis,
  );
}

/** The next state where `counts` [rows, 1] is 1, and the one before it where it is 0. */
function whereCounted(g: Graph, counts: Tensor, next: State, before: State): State {
  const chosen = (fresh: Tensor, old: Tensor | null): Tensor =>
    old === null ? g.mul(fresh, counts) : g.add(old, g.mul(counts, g.sub(fresh, old)));
  return { h: chosen(next.h, before.h), c: next.c && chosen(next.c, before.c) };
}

/** One product for each gate: `weight` has `hidden` rows for each of them, and every gate is given an x of its own. */
function byGates(g: Graph, weight: Tensor, hidden: number, given: (gate: number) => Tensor): Tensor {
  const gates = Array.from({ length: (weight.shape[0] ?? 0) / hidden }, (_, gate) => gate);
  const products = gates.map((gate) => g.matmul(given(gate), part(g, weight, 0, gate * hidden, hidden), { transposeB: true }));
  return products.length === 1 && products[0] ? products[0] : g.concat(products, 1);
}

/** The product of the inputs of all times with the rows of `weight_ih` that are cut out. */
function inputProduct(
  site: Site<RecurrentKind>,
  { flat, times, rows }: Sequence,
  hidden: number,
): (cut: (x: Tensor) => Tensor) => Tensor {
  const { graph: g } = site.context;
  const weight = requiredParameter(site, 'weight_ih');
  const factors = modifierOf(site, 'inputFactors');
  if (factors === null) return (cut) => g.matmul(flat, cut(weight), { transposeB: true });
  const width = flat.shape[1] ?? 1;
  const apart = g.reshape(flat, [times, rows, width]);
  const ofGate = (gate: number): Tensor =>
    g.reshape(g.mul(apart, g.reshape(part(g, factors, 1, gate * width, width), [1, rows, width])), [times * rows, width]);
  const all = g.transpose(byGates(g, weight, hidden, ofGate), [1, 0]);
  return (cut) => g.transpose(cut(all), [1, 0]);
}

/** The input that changes the recurrence in a way; null when there is none. */
function modifierOf(site: Site<RecurrentKind>, modifier: RecurrenceModifier): Tensor | null {
  const { modifiers = [] } = site.node.arguments;
  const place = modifiers.indexOf(modifier);
  return place < 0 ? null : floatInput(site, site.inputs.length - modifiers.length + place);
}

function sequenceOf(site: Site<RecurrentKind>): Sequence {
  const { graph: g } = site.context;
  const x = floatInput(site);
  const [first = 1, second = 1] = x.shape;
  if (x.shape.length !== 2 && x.shape.length !== 3)
    throw new LoweringError(`'${site.node.name}' expects an input of 2 or 3 axes, it has ${x.shape.length}.`);
  const width = x.shape[x.shape.length - 1] ?? 1;
  const expected = requiredParameter(site, 'weight_ih').shape[1] ?? 1;
  if (width !== expected)
    throw new LoweringError(`'${site.node.name}' expects ${expected} features at each time, the input has ${width}.`);
  if (x.shape.length === 2) return { flat: x, times: first, rows: 1 };
  const { batchFirst } = site.node.arguments;
  const timesFirst = batchFirst ? g.transpose(x, [1, 0, 2]) : x;
  const [times, rows] = batchFirst ? [second, first] : [first, second];
  return { flat: g.reshape(timesFirst, [times * rows, width]), times, rows };
}

/** Input `index` as a first state; null when there is none. */
function firstState(site: Site<RecurrentKind>, index: number, rows: number, hidden: number): Tensor | null {
  if (index >= site.inputs.length - (site.node.arguments.modifiers?.length ?? 0)) return null;
  const state = floatInput(site, index);
  if (sizeOf(state.shape) !== rows * hidden)
    throw new LoweringError(
      `'${site.node.name}' expects a first state of ${rows} rows and ${hidden} units, it is [${state.shape.join(', ')}].`,
    );
  return site.context.graph.reshape(state, [rows, hidden]);
}

/** `length` places of one axis of a matrix or vector, from `start` on. */
function part(g: Graph, x: Tensor, axis: number, start: number, length: number): Tensor {
  return g.slice(
    x,
    x.shape.map((_, place) => (place === axis ? start : 0)),
    x.shape.map((size, place) => (place === axis ? length : size)),
  );
}

function activated(g: Graph, x: Tensor, activation: RecurrentActivation): Tensor {
  return activation === 'linear' ? x : g[activation](x);
}
