import type { Size } from '../../graph/size';
import type { ModelGraph, ModelNode, ParameterSpec } from '../../records/model/graph';
import type { LayerKind } from '../../records/model/layers';
import type { Reason } from '../../records/source';
import type { ParameterCell, TraceNode } from '../values/trace';
import { isLossKind, outputsCompared } from '../vocabulary/layers/modules';
import type { DrawnRows } from './drawnRows';
import type { Names } from './names';
import { writtenRows } from './rowSizes';
import { ancestors, inOrder } from './walk';

/** Where rows come from that are no data of the script, and how many are a batch. */
export interface RowsOfModel extends DrawnRows {
  /** Null when all rows are one batch. */
  readonly batchSize: number | null;
}

/** The graph of one training unit, and what enters it. */
export interface BuiltModel {
  readonly graph: ModelGraph;
  readonly inputs: readonly TraceNode[];
  readonly targets: readonly TraceNode[];
  /** The parameters of the graph in its order. */
  readonly cells: readonly ParameterCell[];
  readonly problems: readonly Reason[];
}

/**
 * Cuts the part that `loss` needs out of the trace. Nodes before the loss come first; rows that
 * only the loss sees are targets. Without a loss the graph ends at `outputs`.
 */
export function buildModel(
  loss: TraceNode | null,
  outputs: readonly TraceNode[],
  names: Names,
  extra: readonly ParameterCell[],
  rows: RowsOfModel,
): BuiltModel {
  const ends = endsOf(loss, outputs);
  const modelNodes = inOrder(ancestors(ends));
  const inModel = new Set(modelNodes);
  const lossNodes = loss ? inOrder(ancestors([loss])).filter((node) => !inModel.has(node)) : [];
  const standIns = new Set<TraceNode>();
  const isSource = (node: TraceNode): boolean => node.kind === 'source' || rows.drawn.has(node) || standIns.has(node);
  const inputs = modelNodes.filter(isSource);
  const targets = lossNodes.filter(isSource);
  const copies = loss && targets.length === 0 ? comparedInputs(loss, inputs, inModel) : [];
  const written = writtenRows([...modelNodes, ...lossNodes], rows.batchSize);
  for (const source of copies) standIns.add({ ...source, id: -1 });
  const all = [...modelNodes, ...standIns, ...lossNodes];
  const cells = parameterList(
    all.filter((node) => !isSource(node)),
    names,
    extra,
  );
  const place = new Map(all.map((node, i) => [node, i]));
  const copied = new Map(copies.map((source, i) => [source, modelNodes.length + i]));
  const naming = new NodeNames(names);
  let dropouts = 0;
  const problems: Reason[] = [];
  const nodes = all.map((node, i): ModelNode => {
    const target = i >= modelNodes.length;
    const base = {
      // A derivative is taken by what goes into the model, not by rows beside it that are the same.
      inputs: node.inputs.map(
        (input) => (target && node.kind !== 'derivative' ? copied.get(input) : undefined) ?? place.get(input) ?? 0,
      ),
      range: node.range,
      call: node.call,
      places: node.places,
    };
    const own = isSource(node) ? {} : node.parameters;
    const parameters = Object.fromEntries(Object.entries(own).map(([role, cell]) => [role, cells.indexOf(cell)]));
    if (node.fault) problems.push(node.fault);
    let kind: LayerKind = 'constant';
    let args: object = node.arguments;
    if (isSource(node)) {
      const index = target ? (copies.length > 0 ? i - modelNodes.length : targets.indexOf(node)) : inputs.indexOf(node);
      kind = target ? 'target' : 'input';
      args = { index };
    } else if (node.kind === 'opaque') {
      if (node.reason) problems.push(node.reason);
      args = { value: 0 };
    } else {
      kind = written.get(node)?.kind ?? (node.kind as LayerKind);
      args = written.get(node)?.arguments ?? args;
      if (drawsNumbers(args)) args = { ...args, call: dropouts++ };
    }
    return { kind, arguments: args, parameters, name: naming.next(node, kind), ...base } as unknown as ModelNode;
  });
  const asRows = (node: TraceNode): TraceNode => {
    const source = rows.drawn.get(node);
    return source ? { ...node, kind: 'source', source } : node;
  };
  const lossAt = loss ? (place.get(loss) ?? null) : null;
  const opaqueLoss = problems.length > 0;
  return {
    graph: {
      nodes,
      parameters: withOwnNames(cells.map((cell) => specOf(cell, cells, names, problems))),
      outputs: ends.map((node) => place.get(node) ?? 0),
      loss: opaqueLoss ? null : lossAt,
      lossCall: loss?.call ?? null,
      lossRange: loss?.range ?? null,
      lossStart: modelNodes.length,
      accuracy: accuracyOf(nodes),
    },
    inputs: [...inputs.map(asRows), ...rows.beside],
    targets: (copies.length > 0 ? copies : targets).map(asRows),
    cells,
    problems,
  };
}

/** Calls that take random numbers in each pass; a dropout that drops nothing takes none. */
const drawsNumbers = (args: object): boolean => 'call' in args && !('p' in args && args.p === 0);

/** Where the model ends and the loss begins. */
function endsOf(loss: TraceNode | null, outputs: readonly TraceNode[]): readonly TraceNode[] {
  if (!loss) return outputs;
  const below = inOrder(ancestors([loss]));
  const trained = (node: TraceNode): boolean => node.trained;
  const compared = below
    .filter((node) => isLossKind(node.kind))
    .flatMap((node) => node.inputs.slice(0, outputsCompared(node.kind)).filter(trained));
  if (compared.length > 0) return [...new Set(compared)];
  if (outputs.length > 0) return outputs;
  // A loss written out over raw parameters: the side of the last difference that depends on them.
  const differences = below.filter((node) => node.kind === 'subtract' && node.inputs.filter(trained).length === 1);
  const last = differences[differences.length - 1]?.inputs.find(trained);
  return [last ?? loss];
}

/** Rows that the loss compares the output with, when they are the model's own input (an autoencoder). */
function comparedInputs(loss: TraceNode, inputs: readonly TraceNode[], inModel: ReadonlySet<TraceNode>): readonly TraceNode[] {
  const direct = inputs.filter(
    (source) =>
      loss.inputs.includes(source) ||
      [...ancestors([loss])].some((n) => !inModel.has(n) && n.kind !== 'derivative' && n.inputs.includes(source)),
  );
  return direct;
}

function parameterList(nodes: readonly TraceNode[], names: Names, extra: readonly ParameterCell[]): ParameterCell[] {
  const cells = names.parameters.map((p) => p.cell);
  const known = new Set(cells);
  const add = (cell: ParameterCell): void => {
    if (known.has(cell)) return;
    known.add(cell);
    cells.push(cell);
  };
  for (const node of nodes) Object.values(node.parameters).forEach(add);
  extra.forEach(add);
  return cells;
}

function specOf(cell: ParameterCell, cells: readonly ParameterCell[], names: Names, problems: Reason[]): ParameterSpec {
  if (cell.unread) problems.push(cell.unread);
  const { initializer } = cell;
  const shape = cell.shape.map((size): Size => {
    if (size === null) problems.push({ text: 'The shape of this parameter could not be read', range: cell.range });
    return size ?? 1;
  });
  const name =
    names.parameters.find((p) => p.cell === cell)?.name ?? (cell.name === '' ? `parameter${cells.indexOf(cell)}` : cell.name);
  return {
    name,
    shape,
    initializer:
      initializer.kind === 'biasUniform'
        ? { ...initializer, weight: Math.max(0, cells.indexOf(initializer.weight)) }
        : initializer,
    range: cell.range,
    isDefault: cell.isDefault,
    trainable: cell.trainable,
    ...(cell.stream === undefined ? {} : { stream: cell.stream }),
  };
}

/** Names once each: layers of the script's own class may all call their weights the same. */
function withOwnNames(specs: readonly ParameterSpec[]): readonly ParameterSpec[] {
  const used = new Set<string>();
  return specs.map((spec) => {
    let name = spec.name;
    for (let again = 1; used.has(name); again++) name = `${spec.name}_${again}`;
    used.add(name);
    return { ...spec, name };
  });
}

/** Unique names: the module's own, else the kind and a number. */
class NodeNames {
  private readonly used = new Set<string>();
  private readonly counts = new Map<string, number>();

  constructor(private readonly names: Names) {}

  next(node: TraceNode, kind: string): string {
    const own = node.layer ? this.names.layers.get(node.layer) : undefined;
    if (own && !this.used.has(own)) return this.take(own);
    const base = own ? `${own}#` : kind;
    let name: string;
    do {
      const count = (this.counts.get(base) ?? (own ? 1 : 0)) + 1;
      this.counts.set(base, count);
      name = `${base}${count}`;
    } while (this.used.has(name));
    return this.take(name);
  }

  private take(name: string): string {
    this.used.add(name);
    return name;
  }
}

/** How right answers are counted, from the kind of the loss. */
function accuracyOf(nodes: readonly ModelNode[]): ModelGraph['accuracy'] {
  const losses = nodes.filter((node) => isLossKind(node.kind));
  const loss = losses[0];
  const logits = loss?.inputs[0];
  if (!loss || losses.length !== 1 || logits === undefined) return null;
  if (loss.kind === 'crossEntropy' || loss.kind === 'nll') return { kind: 'argmax', node: logits, at: 0 };
  if (loss.kind === 'bceWithLogits') return { kind: 'threshold', node: logits, at: 0 };
  return loss.kind === 'bce' ? { kind: 'threshold', node: logits, at: 0.5 } : null;
}
