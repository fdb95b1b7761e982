import { Arguments, type Call, type Handler } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import { graphOperation, lifted } from '../../interpret/tensors';
import { isRows } from '../../interpret/shapes';
import type { Layers } from '../../../records/model/layers';
import type { Size } from '../../../graph/size';
import type { Reason, SourceRange } from '../../../records/source';
import type { Layer, ParameterCell, TraceNode } from '../../values/trace';
import { listValue, none, tensorValue, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { newCell } from './layers';

type RecurrentKind = 'rnn' | 'lstm' | 'gru';

const gates: Readonly<Record<RecurrentKind, number>> = { rnn: 1, lstm: 4, gru: 3 };

/** What a recurrent module was made with. */
interface Settings {
  readonly kind: RecurrentKind;
  readonly in: Size;
  readonly hidden: number;
  readonly layers: number;
  readonly batchFirst: boolean;
  readonly directions: 1 | 2;
  readonly dropout: number;
  readonly activation: 'tanh' | 'relu';
  /** The size of h where an LSTM projects it; 0 where it does not. */
  readonly projected: number;
}

/** The size of the states that are given on. */
const widthOf = ({ hidden, projected }: Settings): number => (projected > 0 ? projected : hidden);

/** Arguments in PyTorch 2's order; nn.RNN has the nonlinearity among the positional ones. */
const names: Readonly<Record<RecurrentKind, string>> = {
  rnn: 'input_size hidden_size num_layers nonlinearity bias batch_first dropout bidirectional',
  lstm: 'input_size hidden_size num_layers bias batch_first dropout bidirectional proj_size',
  gru: 'input_size hidden_size num_layers bias batch_first dropout bidirectional',
};
const cellNames: Readonly<Record<RecurrentKind, string>> = {
  rnn: 'input_size hidden_size bias nonlinearity',
  lstm: 'input_size hidden_size bias',
  gru: 'input_size hidden_size bias',
};

const mostLayers = 64;
const isLayerCount = (count: number): boolean => Number.isInteger(count) && count >= 1 && count <= mostLayers;

const module =
  (path: string, kind: RecurrentKind): Handler =>
  (call) => {
    const a = new Arguments(call, names[kind]);
    const settings: Settings = {
      kind,
      in: a.size('input_size'),
      hidden: a.number('hidden_size'),
      layers: a.number('num_layers', 1),
      batchFirst: a.boolean('batch_first', false),
      directions: a.boolean('bidirectional', false) ? 2 : 1,
      dropout: a.number('dropout', 0),
      activation: nonlinearity(a),
      projected: a.number('proj_size', 0),
    };
    if (!isLayerCount(settings.layers)) a.reject('num_layers', 'This number of layers is not read');
    const suffixes = Array.from({ length: isLayerCount(settings.layers) ? settings.layers : 1 }, (_, layer) =>
      ['', '_reverse'].slice(0, settings.directions).map((end) => ({ layer, end: `_l${layer}${end}` })),
    ).flat();
    const parameters = suffixes.flatMap(({ layer, end }) =>
      Object.entries(cellsOf(a, settings, layer === 0 ? settings.in : widthOf(settings) * settings.directions)).map(
        ([role, cell]) => [`${role}${end}`, cell] as const,
      ),
    );
    return layerOf(path, a, Object.fromEntries(parameters), (layer, applied) => runModule(layer, settings, a, applied));
  };

const cell =
  (path: string, kind: RecurrentKind): Handler =>
  (call) => {
    const a = new Arguments(call, cellNames[kind]);
    const settings: Settings = {
      kind,
      in: a.size('input_size'),
      hidden: a.number('hidden_size'),
      layers: 1,
      batchFirst: false,
      directions: 1,
      dropout: 0,
      activation: nonlinearity(a),
      projected: 0,
    };
    return layerOf(path, a, cellsOf(a, settings, settings.in), (layer, applied) => runCell(layer, settings, applied));
  };

function nonlinearity(a: Arguments): 'tanh' | 'relu' {
  const name = a.string('nonlinearity', 'tanh');
  if (name !== 'tanh' && name !== 'relu') a.reject('nonlinearity', 'This nonlinearity is not known');
  return name === 'relu' ? 'relu' : 'tanh';
}

/** Parameters of one layer in one direction: all uniform within 1/√hidden, biases too. */
function cellsOf(a: Arguments, settings: Settings, into: Size): Record<string, ParameterCell> {
  const { kind, hidden, projected } = settings;
  const bound = 1 / Math.sqrt(Math.max(1, hidden));
  const rows = gates[kind] * hidden;
  const made = (shape: readonly Size[]): ParameterCell =>
    newCell(shape, { kind: 'uniform', low: -bound, high: bound }, a.call.range, true);
  const weights = { weight_ih: made([rows, into]), weight_hh: made([rows, widthOf(settings)]) };
  const biased = a.boolean('bias', true) ? { ...weights, bias_ih: made([rows]), bias_hh: made([rows]) } : weights;
  return projected > 0 ? { ...biased, weight_hr: made([projected, hidden]) } : biased;
}

function layerOf(
  path: string,
  a: Arguments,
  parameters: Record<string, ParameterCell>,
  apply: NonNullable<Layer['apply']>,
): Value {
  const [problem] = a.problems;
  if (problem) return { kind: 'unknown', reason: problem };
  const places: Record<string, SourceRange> = {};
  for (const [place, name] of [
    ['in', 'input_size'],
    ['hidden', 'hidden_size'],
  ] as const)
    // prettier-ignore
    if (a.argument(name)) places[place] = a.place(name);
  const attributes = new Map<string, number>();
  for (const name of ['input_size', 'hidden_size', 'num_layers'])
    if (a.value(name)?.kind === 'number') attributes.set(name, a.number(name));
  if (!attributes.has('num_layers')) attributes.set('num_layers', 1);
  return {
    kind: 'layer',
    path,
    step: null,
    parameters,
    range: a.call.range,
    places,
    training: true,
    attributes,
    apply,
  };
}

/** One direction of one layer: the node of the result that is asked for. */
function node(
  m: Machine,
  layer: Layer,
  { kind, activation, hidden, projected }: Settings,
  inputs: readonly TraceNode[],
  end: string,
  options: Pick<Layers['rnn'], 'batchFirst' | 'reverse' | 'result' | 'in'>,
  call: Call,
): TraceNode {
  const roles = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh', 'weight_hr'] as const;
  const parameters = roles.flatMap((role) => {
    const found = layer.parameters[`${role}${end}`];
    return found ? [[role, found] as const] : [];
  });
  return m.trace.add(
    kind,
    { ...options, hidden, activation, resetAfter: true, ...(projected > 0 ? { projected } : {}) } as Layers['gru'],
    inputs,
    layer.range,
    {
      parameters: Object.fromEntries(parameters),
      call: call.range,
      places: layer.places,
      layer,
    },
  );
}

/** `out, h = rnn(x, h0)`, or `out, (h, c) = lstm(x, (h0, c0))`. */
function runModule(layer: Layer, settings: Settings, a: Arguments, call: Call): Value {
  const m = call.machine;
  const given = call.positional[0]?.value ?? call.keywords.get('input')?.value ?? none;
  const first = lifted(m, given, call.range);
  if (!first) return given.kind === 'unknown' ? given : unreadable('What goes into this call could not be read', call.range);
  const states = firstStates(m, settings.kind, call.positional[1]?.value ?? call.keywords.get('hx')?.value ?? none, call);
  if (!Array.isArray(states)) return states as Value;
  const { batchFirst, directions, dropout } = settings;
  const ends: { readonly hidden: TraceNode; readonly cell: TraceNode | null }[] = [];
  let x = first;
  for (let depth = 0; depth < settings.layers; depth++) {
    if (depth > 0 && dropout > 0)
      x = m.trace.add('dropout', { p: dropout, call: 0 }, [x], layer.range, {
        call: call.range,
        places: a.argument('dropout') ? { p: a.place('dropout') } : {},
      });
    const into = depth === 0 ? settings.in : widthOf(settings) * directions;
    const sequences = Array.from({ length: directions }, (_, direction) => {
      const at = depth * directions + direction;
      const inputs = [x, ...states.map((state) => sliceOf(m, state, at, call.range))];
      const made = (result: 'sequence' | 'hidden' | 'cell'): TraceNode => {
        const options = { batchFirst, reverse: direction === 1, result, in: into };
        return node(m, layer, settings, inputs, `_l${depth}${direction === 1 ? '_reverse' : ''}`, options, call);
      };
      const sequence = made('sequence');
      ends.push({ hidden: made('hidden'), cell: settings.kind === 'lstm' ? made('cell') : null });
      return sequence;
    });
    x = joined(m, sequences, -1, call.range);
  }
  const stacked = (nodes: readonly TraceNode[]): Value => tensorValue(joined(m, nodes, 0, call.range));
  const hidden = stacked(ends.map((end) => end.hidden));
  const cells = ends.flatMap((end) => (end.cell ? [end.cell] : []));
  return listValue([tensorValue(x), cells.length > 0 ? listValue([hidden, stacked(cells)], 'tuple') : hidden], 'tuple');
}

const joined = (m: Machine, nodes: readonly TraceNode[], axis: number, range: SourceRange): TraceNode =>
  nodes.length === 1 && nodes[0] ? nodes[0] : m.trace.add('concatenate', { axis }, nodes, range);

/** State `at` of all layers' first states. */
const sliceOf = (m: Machine, states: TraceNode, at: number, range: SourceRange): TraceNode =>
  states.shape?.[0] === 1 ? states : m.trace.add('slice', { axis: 0, start: at, end: at + 1, step: 1 }, [states], range);

/** `h = cell(x, h)`, or `h, c = cell(x, (h, c))`, for one time. */
function runCell(layer: Layer, settings: Settings, call: Call): Value {
  const m = call.machine;
  const given = call.positional[0]?.value ?? call.keywords.get('input')?.value ?? none;
  const x = lifted(m, given, call.range);
  if (!x) return given.kind === 'unknown' ? given : unreadable('What goes into this call could not be read', call.range);
  const states = firstStates(m, settings.kind, call.positional[1]?.value ?? call.keywords.get('hx')?.value ?? none, call);
  if (!Array.isArray(states)) return states as Value;
  const inputs = [m.trace.add('unsqueeze', { axis: 0 }, [x], call.range), ...states];
  const result = (which: 'hidden' | 'cell'): Value => {
    const options = { batchFirst: false, reverse: false, result: which, in: settings.in };
    const made = node(m, layer, settings, inputs, '', options, call);
    return graphOperation(m, 'squeeze', { axis: 0 }, [tensorValue(made)], call.range);
  };
  return settings.kind === 'lstm' ? listValue([result('hidden'), result('cell')], 'tuple') : result('hidden');
}

/** The given first states as nodes, h and then c; none when they are zero or not given; a value that says why they are not read. */
function firstStates(m: Machine, kind: RecurrentKind, given: Value, call: Call): readonly TraceNode[] | Value {
  if (given.kind === 'none') return [];
  const pair = given.kind === 'list' ? given.items : [given];
  if (pair.length !== (kind === 'lstm' ? 2 : 1)) return unreadable('The first state of this call could not be read', call.range);
  const states = pair.map((value) => firstState(m, value, call));
  const bad = states.find((state) => state !== null && 'text' in state);
  if (bad) return { kind: 'unknown', reason: bad as Reason };
  if (states.every((state) => state === null)) return [];
  if (states.some((state) => state === null))
    return unreadable('A first state of which one part is zero and the other is not is not read', call.range);
  return states as readonly TraceNode[];
}

/** A first state: null when it is zero, a node, or why it is not read. */
function firstState(m: Machine, value: Value, call: Call): TraceNode | Reason | null {
  const range = call.range;
  if (value.kind === 'none') return null;
  if (value.kind === 'unknown') return value.reason ?? { text: 'The first state of this call could not be read', range };
  const rows = value.kind === 'tensor' ? value.node.source : value.kind === 'array' ? value : null;
  if (rows === null)
    return value.kind === 'tensor'
      ? isFreshZero(value.node)
        ? null
        : value.node
      : { text: 'The first state of this call could not be read', range };
  const step = m.program.steps[rows.step];
  if (step?.kind !== 'filled' || step.arguments.value !== 0)
    return { text: 'A first state of other numbers than zeros is not read', range: rows.range };
  const isFresh = rows.step >= (m.currentLoop?.firstStep ?? 0);
  return isFresh ? null : { text: 'Whether this state is carried from batch to batch could not be read', range: rows.range };
}

/** `torch.zeros(..., rows, ..., requires_grad=True)`: made anew in each pass and no parameter of the model. */
function isFreshZero({ kind, parameters }: TraceNode): boolean {
  const made = kind === 'parameter' ? parameters['value'] : undefined;
  return made !== undefined && made.initializer.kind === 'constant' && made.initializer.value === 0 && made.shape.some(isRows);
}

/** torch.nn's recurrent modules and their cells. */
export const recurrentTable: FunctionTable = {
  'torch.nn.RNN': module('torch.nn.RNN', 'rnn'),
  'torch.nn.LSTM': module('torch.nn.LSTM', 'lstm'),
  'torch.nn.GRU': module('torch.nn.GRU', 'gru'),
  'torch.nn.RNNCell': cell('torch.nn.RNNCell', 'rnn'),
  'torch.nn.LSTMCell': cell('torch.nn.LSTMCell', 'lstm'),
  'torch.nn.GRUCell': cell('torch.nn.GRUCell', 'gru'),
};
