import { logSumExp } from '../../graph/compose';
import type { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/operations';
import { reduceLoss } from './lossParts';
import { dataSource, floatInput, inputOf, LoweringError, type LowerTable, type Site } from './lowering';

/** Stands for the logarithm of zero: derivatives of -∞ would be NaN. */
const impossible = -1e30;

/** What goes into the loss, as times, rows and classes have it. */
interface Sequences {
  /** Log-probabilities [times, rows, classes]. */
  readonly x: Tensor;
  /** Class numbers [rows, labels]. */
  readonly targets: Tensor;
  /** [rows, 1], in floating point. */
  readonly times: Tensor;
  readonly labels: Tensor;
}

/**
 * Connectionist temporal classification: the negative logarithm of the sum over all alignments, by the forward variables of Graves et
 * al. 2006 (equations 6 to 8), with PyTorch 2's meaning of every argument.
 */
export const ctcLoss: LowerTable<'ctc'> = {
  ctc: (site) => {
    const { graph } = site.context;
    const { infinityIsZero, reduction } = site.node.arguments;
    const given = sequences(site);
    const total = alignments(graph, given, site.node.arguments.blank);
    const normal = isNormalised(given.x) ? total : graph.sub(total, slopeOfTotals(graph, given));
    const isNone = graph.greater(impossible / 2, total);
    const none = graph.fill(infinityIsZero ? 0 : Infinity, total.shape);
    const losses = graph.where(isNone, none, graph.neg(normal));
    const counted = reduction === 'mean' ? graph.div(losses, graph.maximum(given.labels, 1)) : losses;
    const shaped = graph.reshape(counted, inputOf(site).shape.length === 2 ? [] : [counted.shape[0] ?? 1]);
    return reduceLoss(graph, shaped, reduction);
  },
};

/** Throws where the shapes are not those of a CTC loss. */
function sequences(site: Site<'ctc'>): Sequences {
  const { graph } = site.context;
  const input = floatInput(site);
  const [times = 1, rows = 1, classes = 1] = input.shape.length === 2 ? [input.shape[0], 1, input.shape[1]] : input.shape;
  const targets = inputOf(site, 1);
  const labels = targets.shape.at(-1) ?? 0;
  if (targets.dtype !== 'int32' || labels * rows !== targets.shape.reduce((product, size) => product * size, 1))
    throw new LoweringError(
      `'${site.node.name}' is followed with class numbers of shape [${rows}, labels] as its targets; it gets [${targets.shape.join(', ')}].`,
    );
  if (labels === 0) throw new LoweringError(`'${site.node.name}' gets targets without labels.`);
  return {
    x: graph.reshape(input, [times, rows, classes]),
    targets: graph.reshape(targets, [rows, labels]),
    times: lengths(site, 2, times),
    labels: lengths(site, 3, labels),
  };
}

/** Lengths [rows, 1] from input `index`, none above `most`. */
function lengths(site: Site<'ctc'>, index: number, most: number): Tensor {
  const { node, context } = site;
  const given = inputOf(site, index);
  const source = dataSource(given);
  const text = (found: number): string => `'${node.name}' gets a length of ${found}, and the sequence has ${most}.`;
  if (source !== null) context.indexChecks.push({ node, source, size: most + 1, ignored: null, text, range: node.range });
  return context.graph.reshape(floatInput(site, index), [given.shape.reduce((product, size) => product * size, 1), 1]);
}

/** The logarithm of each row's sum over all alignments [rows, 1]; `impossible` or less where there is none. */
function alignments(g: Graph, { x, targets, times, labels }: Sequences, blank: number): Tensor {
  const [count = 1, rows = 1] = x.shape;
  const size = targets.shape[1] ?? 1;
  const width = 2 * size + 1;
  const column = (value: number): Tensor => g.fill(value, [rows, 1]);
  // What stands behind a target's end may be any number.
  const known = g.where(g.greater(labels, g.cast(g.range(size), 'float32')), targets, g.fill(blank, [rows, size], 'int32'));
  const pairs = g.concat([g.fill(blank, [rows, size, 1], 'int32'), g.reshape(known, [rows, size, 1])], 2);
  const extended = g.concat([g.reshape(pairs, [rows, width - 1]), g.fill(blank, [rows, 1], 'int32')], 1);
  const places = g.broadcast(g.reshape(extended, [1, rows, width]), [count, rows, width]);
  const emitted = g.takeAlong(x, places, 2);
  const at = (time: number): Tensor => g.reshape(g.slice(emitted, [time, 0, 0], [1, rows, width]), [rows, width]);
  // A blank between two labels may be left out where they differ.
  const later = g.slice(extended, [0, 2], [rows, width - 2]);
  const mustStay = g.or(
    g.equal(later, g.slice(extended, [0, 0], [rows, width - 2])),
    g.equal(later, g.fill(blank, [rows, width - 2], 'int32')),
  );
  const toll = g.where(mustStay, g.fill(impossible, later.shape), g.fill(0, later.shape));
  const begins = Float32Array.from({ length: width }, (_, place) => (place < 2 ? 0 : impossible));
  let forward = g.add(at(0), g.constant(begins, [width]));
  for (let time = 1; time < count; time++) {
    const stepped = g.concat([column(impossible), g.slice(forward, [0, 0], [rows, width - 1])], 1);
    const skipped = g.concat(
      [column(impossible), column(impossible), g.add(g.slice(forward, [0, 0], [rows, width - 2]), toll)],
      1,
    );
    const next = g.add(at(time), sumOfThree(g, forward, stepped, skipped));
    forward = g.where(g.greater(times, time), next, forward);
  }
  const ends = g.mul(labels, 2);
  const place = g.cast(g.range(width), 'float32');
  const isEnd = g.or(g.equal(place, ends), g.equal(place, g.sub(ends, 1)));
  return g.reshape(logSumExp(g, g.where(isEnd, forward, g.fill(impossible, forward.shape)), 1), [rows, 1]);
}

/** log(eᵃ + eᵇ + eᶜ), entry by entry. */
function sumOfThree(g: Graph, a: Tensor, b: Tensor, c: Tensor): Tensor {
  const largest = g.stopGradient(g.maximum(a, g.maximum(b, c)));
  const part = (x: Tensor): Tensor => g.exp(g.sub(x, largest));
  return g.add(largest, g.log(g.add(part(a), g.add(part(b), part(c)))));
}

/** Whether `x` is a log-softmax, moved or not. */
function isNormalised({ op, inputs: [source] }: Tensor): boolean {
  if (op === 'reshape' || op === 'transpose') return source !== undefined && isNormalised(source);
  return op === 'logSoftmax';
}

/** PyTorch takes every input for a log-softmax, and adds eˣ to the slopes of others: zero [rows, 1], with that slope. */
function slopeOfTotals(g: Graph, { x, times }: Sequences): Tensor {
  const [count = 1, rows = 1] = x.shape;
  const counted = g.greater(times, g.cast(g.range(count), 'float32'));
  const sums = g.transpose(g.sum(g.exp(x), [2]), [1, 0]);
  const total = g.sum(g.where(counted, sums, g.fill(0, [rows, count])), [1], true);
  return g.sub(total, g.stopGradient(total));
}
