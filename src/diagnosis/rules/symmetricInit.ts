import type { Finding, Fix, Severity } from '../../records/finding';
import type { ModelGraph, ModelNode } from '../../records/model/graph';
import type { SourceRange } from '../../records/source';
import { finding, samePlace } from '../finding';
import { isWeighing, nodeNamed } from '../graphWalk';
import { initPlace } from '../initPlace';
import { initRemedies, initVariant, parameterOf } from '../initEdits';
import { constantValue, unitCount, weighingAfter } from '../initStatistics';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, foundMeanwhile, passed, undecided } from '../rule';
import { first, last, lastStep, readEach } from '../series';
import { clearlyBetter, protocol, verification } from '../trials';
import { grouped, howMuch, howTried, lossAmount, percent } from '../words';
import { lossSpan } from '../lossSpan';

/** Units that start equal and stay equal. */
export const symmetricInit = {
  id: 'symmetric-init',
  tier: 0,
  severity: 'error',
  title: 'The units of a layer start equal and stay equal, as if there were only one.',
  explanation: `Units with the same incoming and outgoing weights get the same gradients and stay the same for ever: a layer of a hundred
is worth one.

**How it is found.** From the initialisers: a hidden layer with one value for all weights, and one value for all weights after
it. Random biases tell the units apart, slowly: then a re-run with random weights decides the severity. In a run: nine in ten units of a layer copy another at the first and at the last measured step. [own]

**No fault:** constant weights in the last layer alone, or before random ones; dropout, which tells units apart.

Source: Goodfellow, Bengio, Courville 2016, section 8.4.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null) return undecided('a model that can be read');
  const hidden = model.nodes.filter((node) => isWeighing(node) && weighingAfter(model, node).length > 0);
  const alike = hidden.find((node) => startsAlike(model, node));
  if (alike !== undefined && !model.nodes.some((node) => node.kind === 'dropout' && node.arguments.p > 0))
    return constant(e, model, alike);
  return measured(e, model);
}

/** Whether a layer of several units has one value for all weights, and so have the layers after it. */
function startsAlike(model: ModelGraph, node: ModelNode): boolean {
  if (unitCount(model, node) === 1) return false;
  return [node, ...weighingAfter(model, node)].every((one) => {
    const weight = parameterOf(model, one, 'weight');
    return weight !== undefined && constantValue(weight.initializer) !== null;
  });
}

function constant(e: Evidence, model: ModelGraph, node: ModelNode): Outcome {
  const bias = parameterOf(model, node, 'bias');
  const exact = bias === undefined || constantValue(bias.initializer) !== null;
  const layers = [node, ...weighingAfter(model, node)];
  const remedy = initRemedies(e, model, layers);
  const places = uniquePlaces(layers.map((one) => initPlace(e.texts, parameterOf(model, one, 'weight')?.range ?? one.range)));
  const words = wordsOf(node, unitCount(model, node), exact);
  const say = (severity: Severity, ending: string, fixes: readonly Fix[]): readonly Finding[] =>
    places.map((range, i) =>
      i === 0
        ? finding('symmetric-init', severity, range, `${words}${ending}`, { fixes })
        : finding('symmetric-init', severity, range, `The equal weights here are the outgoing ones: ${words}${ending}`, {}),
    );
  const untried = say(exact ? 'error' : 'warning', ' Read from the code.', remedy === null ? [] : [remedy]);
  if (e.run === null || remedy === null) return found(...untried);
  const trial = protocol(e, initVariant(remedy), clearlyBetter(lossSpan(e)));
  if (trial.kind === 'wants') return foundMeanwhile(untried, 'a re-run with random weights', trial.trials);
  if (trial.kind === 'unavailable') return found(...untried);
  const { before, after } = trial;
  const shown = ` ${remedy.title}, re-run from the start: probe loss at the end ${lossAmount(before.probeLoss.end)} → ${lossAmount(after.probeLoss.end)}. ${howTried(after, e.run, trial.seeds)}`;
  // Copies are copies, whatever the loss; biases that differ may be enough.
  if (!trial.helped) return found(...say(exact ? 'warning' : 'information', shown, []));
  return found(...say(exact ? 'error' : 'warning', shown, [{ ...remedy, verified: verification(trial) }]));
}

function wordsOf(node: ModelNode, units: number | null, exact: boolean): string {
  const many = `${units === null ? 'All units' : `All ${units} units`} of ${node.name} start with equal weights, in and out`;
  return exact
    ? `${many}: they get equal gradients and stay copies of one another.`
    : `${many}; only their biases differ, so they begin as nearly one unit and come apart slowly.`;
}

/** Layers that one call initialises share a place. */
const uniquePlaces = (places: readonly SourceRange[]): readonly SourceRange[] =>
  places.filter((range, i) => places.findIndex((other) => samePlace(other, range)) === i);

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
