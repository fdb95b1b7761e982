import type { ModelGraph, ModelNode } from '../../records/model';
import { finding } from '../finding';
import { isWeighing, lossFloor, nodeNamed } from '../graphWalk';
import { initRemedy, parameterOf } from '../initEdits';
import { constantValue, unitCount, weighingAfter } from '../initStatistics';
import { settle } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided } from '../rule';
import { first, last, lastStep, readEach } from '../series';
import { clearlyBetter } from '../trials';
import { grouped, howMuch, percent } from '../words';

/** Units that start equal and stay equal. */
export const symmetricInit = {
  id: 'symmetric-init',
  tier: 0,
  severity: 'error',
  title: 'The units of a layer start equal and stay equal, as if there were only one.',
  explanation: `Units with the same incoming and outgoing weights get the same gradients and stay the same for ever: a layer of a hundred
is worth one.

**How it is found.** From the initialisers: a hidden layer with one value for all weights, no random bias, and one value for all
weights after it. In a run: nine in ten units of a layer copy another at the first and at the last measured step. [own]

**No fault:** constant weights in the last layer alone, or before random ones; random biases; dropout, which tells units apart.

Source: Goodfellow, Bengio, Courville 2016, section 8.4.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null) return undecided('a model that can be read');
  const hidden = model.nodes.filter((node) => isWeighing(node) && weighingAfter(model, node).length > 0);
  const alike = hidden.find((node) => startsAlike(model, node));
  if (alike !== undefined && !model.nodes.some((node) => node.kind === 'dropout' && node.arguments.p > 0))
    return certain(e, model, alike);
  return measured(e, model);
}

function startsAlike(model: ModelGraph, node: ModelNode): boolean {
  const weight = parameterOf(model, node, 'weight');
  const bias = parameterOf(model, node, 'bias');
  const units = unitCount(model, node);
  if (weight === undefined || units === 1) return false;
  const own = constantValue(weight.initializer);
  if (own === null || (bias !== undefined && constantValue(bias.initializer) === null)) return false;
  return weighingAfter(model, node).every((next) => {
    const spec = parameterOf(model, next, 'weight');
    return spec !== undefined && constantValue(spec.initializer) !== null;
  });
}

function certain(e: Evidence, model: ModelGraph, node: ModelNode): Outcome {
  const weight = parameterOf(model, node, 'weight');
  const units = unitCount(model, node);
  const many = units === null ? 'All units' : `All ${units} units`;
  return settle(
    e,
    'symmetric-init',
    initRemedy(e, model, node),
    (words, fixes) =>
      finding(
        'symmetric-init',
        'error',
        weight?.range ?? node.range,
        `${many} of ${node.name} start with equal weights, in and out: they get equal gradients and stay copies of one another.${words}`,
        { fixes },
      ),
    clearlyBetter(lossFloor(e.experiment)),
  );
}

function measured(e: Evidence, model: ModelGraph): Outcome {
  const layers = readEach(e.measurements, 'duplicated');
  const copied = layers.find(
    ({ reading }) => reading.values.length > 1 && (first(reading) ?? 0) >= 0.9 && (last(reading) ?? 0) >= 0.9,
  );
  const node = copied === undefined ? undefined : nodeNamed(model, copied.name);
  if (copied === undefined || node === undefined || e.run === null) return passed;
  return found(
    finding(
      'symmetric-init',
      'error',
      node.range,
      `${percent(last(copied.reading) ?? 0)} of the units of this layer are copies of another at step ${grouped(lastStep(copied.reading))}, as at the start. ${howMuch(e.run)}`,
      {
        evidence: [
          {
            quantity: `duplicated/${copied.name}`,
            step: lastStep(copied.reading),
            value: last(copied.reading) ?? 0,
            limit: 0.9,
            unit: 'fraction',
          },
        ],
      },
    ),
  );
}
