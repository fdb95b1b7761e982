import type { Machine } from '../interpret/machine';
import { passes } from './nest';
import { ancestors, inOrder } from './walk';
import type { BatchOrigin, RowSource, TraceNode } from '../values/trace';
import { eventsOf, type EventOf, type UnitEvents } from './unitEvents';

/** Most numbers of one tensor that are drawn at once. */
const mostNumbers = 2 ** 20;

/** A unit that takes no data: what its batches are all the same. */
export interface DrawnRows {
  /** Random tensors of the graph that are taken for rows. */
  readonly drawn: ReadonlyMap<TraceNode, RowSource>;
  /** Rows that only give the batches their number. */
  readonly beside: readonly TraceNode[];
}

const nothing: DrawnRows = { drawn: new Map(), beside: [] };

/**
 * Where a unit's rows come from when none of them are data. In a loop over batches of data (a generator, which sees only noise), or
 * beside `others` that train on data, these rows tell how many there are; else the random tensors that the script draws in each pass are the rows themselves,
 * taken from many drawn at once.
 */
export function drawnRows(m: Machine, unit: UnitEvents, others: readonly UnitEvents[]): DrawnRows {
  const anchor = unit.backward ?? unit.step;
  if (!unit.loss || !anchor) return nothing;
  const nodes = inOrder(ancestors([unit.loss]));
  if (nodes.some(({ kind }) => kind === 'source')) return nothing;
  const collocation = leaves(m, nodes);
  if (collocation.size > 0) return { drawn: collocation, beside: [] };
  const noise = nodes.filter(({ kind, shape }) => kind === 'noise' && shape !== null && shape.length > 0);
  if (noise.length === 0) return nothing;
  const near =
    m.trace.nodes.find(({ source }) => source?.batch?.loop && anchor.loops.includes(source.batch.loop)) ??
    inOrder(ancestors(others.flatMap(({ loss }) => loss ?? []))).find(({ source }) => source !== null);
  return near ? { drawn: new Map(), beside: [near] } : pooled(m, noise, anchor);
}

/** Tensors that the script made with `requires_grad` to take derivatives by them, and that no optimizer has: as many rows as the longest. */
function leaves(m: Machine, nodes: readonly TraceNode[]): ReadonlyMap<TraceNode, RowSource> {
  const trained = new Set(eventsOf(m.events, 'optimizer').flatMap(({ optimizer }) => optimizer.groups.flatMap((g) => g.cells)));
  const updated = new Set(eventsOf(m.events, 'update').map(({ cell }) => cell));
  const data = nodes.flatMap((node) => {
    const cell = node.kind === 'parameter' ? node.parameters['value'] : undefined;
    const isData = cell?.rows !== undefined && !trained.has(cell) && !updated.has(cell);
    const rows = node.shape?.[0];
    return isData && typeof rows === 'number' && rows > 1 ? [{ node, rows, step: cell.rows as number }] : [];
  });
  const most = Math.max(0, ...data.map(({ rows }) => rows));
  return new Map(
    data.flatMap(({ node, rows, step }): [TraceNode, RowSource][] =>
      rows === most ? [[node, { step, batch: null, range: node.range }]] : [],
    ),
  );
}

function pooled(m: Machine, noise: readonly TraceNode[], anchor: EventOf<'backward'> | EventOf<'step'>): DrawnRows {
  const loop = anchor.loops[anchor.loops.length - 1];
  const [one] = noise;
  const size = one?.shape?.[0];
  const alike = noise.every(({ shape }) => shape?.[0] === size && shape?.every((s) => typeof s === 'number'));
  if (!loop || !one || typeof size !== 'number' || !alike) return nothing;
  const batch: BatchOrigin = {
    sampling: 'replacement',
    batchSize: { value: size, place: one.range, chain: [], isDefault: false },
    shuffle: { value: true, place: one.range, chain: [], isDefault: false },
    dropLast: false,
    range: one.range,
    loop,
  };
  const widest = Math.max(
    ...noise.map(({ shape }) => (shape ?? []).slice(1).reduce<number>((product, s) => product * Number(s), 1)),
  );
  const count = Math.max(size, Math.min((passes(loop)?.value ?? Infinity) * size, Math.floor(mostNumbers / Math.max(1, widest))));
  m.assume(`Rows that the script draws anew in each pass are taken here from ${count} that are drawn once`, one.range);
  const drawn = noise.map((node): [TraceNode, RowSource] => {
    const shape = [count, ...(node.shape ?? []).slice(1).map(Number)];
    const isNormal = 'distribution' in node.arguments && node.arguments.distribution === 'normal';
    const step = isNormal
      ? m.program.add('randomNormal', { shape, seed: null, mean: 0, deviation: 1 }, [], node.range)
      : m.program.add('randomUniform', { shape, seed: null, low: 0, high: 1 }, [], node.range);
    return [node, { step, batch, range: node.range }];
  });
  return { drawn: new Map(drawn), beside: [] };
}
