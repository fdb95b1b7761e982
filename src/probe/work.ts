import { estimateCost } from '../engine/cost';
import { mostStepBytes } from '../engine/parts';
import { bindSize } from '../graph/size';
import type { Twin } from '../engine/twin';
import type { Dataset } from '../records/dataset';
import type { Experiment } from '../records/experiment';
import type { Assumption, Reason } from '../records/source';
import type { CountedWork } from './plan';

/** Arithmetic that these machines do in a second on well-sized products; for words of estimate only. */
const flopsPerSecond = 5e10;

/** The work of a built unit. */
export const workOf = (twin: Twin): CountedWork => ({
  flopsPerStep: twin.flopsPerStep,
  flopsPerRow: (twin.flopsPerStep * twin.stepsPerEpoch) / Math.max(1, twin.trainRows),
  parameters: twin.dim,
  tensors: twin.parameters.length,
  totalSteps: twin.totalSteps,
  trainRows: twin.trainRows,
  validationRows: twin.validationRows,
});

/**
 * Why a unit is too big to be trained here, from the shapes alone and before anything is built; null when it is not.
 * The sentence has the estimate in it.
 */
export function tooBig(experiment: Experiment, dataset: Dataset, mostWork: number): Reason | null {
  const cost = estimateCost(experiment, dataset);
  if (!cost.ok) return null;
  const { flopsPerStep, bytes, parameters, partRows } = cost.value;
  const range = experiment.model?.nodes[0]?.range ?? experiment.unit.range;
  const size = `${compact(parameters)} parameters, ${compact(flopsPerStep)} floating-point operations a step`;
  if (bytes > mostStepBytes && partRows === null) {
    return { text: `Too big to train here: ${size}; one step needs about ${(bytes / 2 ** 30).toFixed(1)} GB of memory.`, range };
  }
  if (flopsPerStep * 20 <= mostWork) return null;
  const seconds = flopsPerStep / flopsPerSecond;
  return { text: `Too big to train here: ${size}, about ${seconds.toFixed(1)} s each on this kind of machine.`, range };
}

/** What is said of a run whose batches go through in parts. */
export function partsAssumption({ unit, batches }: Experiment, { partRows }: Twin): Assumption[] {
  if (partRows === null) return [];
  const text = `A whole batch does not fit into ${mostStepBytes / 2 ** 30} GB: its gradient is added up over parts of at most ${partRows} rows, which gives the same up to rounding.`;
  return [{ text, range: batches?.range ?? unit.range }];
}

/** Parameters above which a model is not trained here, whatever its data. */
const mostParameters = 2e7;

/**
 * Why a model is too big to be trained here by its parameters alone, before any data are loaded; null when it is not, or
 * when the data decide its sizes.
 */
export function tooManyParameters({ model }: Experiment): Reason | null {
  if (!model) return null;
  const count = model.parameters.reduce(
    (sum, { shape }) => sum + shape.reduce((size: number, side) => size * (bindSize(side, {}) ?? 0), 1),
    0,
  );
  const largest = model.nodes.find((node) => Object.keys(node.parameters).length > 0);
  if (count <= mostParameters || !largest) return null;
  const bytes = (16 * count) / 2 ** 30;
  return {
    text: `Too big to train here: ${compact(count)} parameters (at most ${compact(mostParameters)}); parameters, gradients and optimizer state alone take about ${bytes.toFixed(1)} GB.`,
    range: largest.range,
  };
}

/** 1234567 as `1.2 M`. */
function compact(value: number): string {
  const units = ['', ' k', ' M', ' G', ' T'];
  const order = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  return `${Number((value / 1000 ** order).toPrecision(2))}${units[order] ?? ''}`;
}
