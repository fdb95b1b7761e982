import type { ModelGraph, ModelNode } from '../../records/model/graph';
import type { TextEdit } from '../../records/source';
import { lossLeft } from '../course';
import { nameActivation, replaceWithin } from '../edits';
import { finding } from '../finding';
import { isWeighing, maker, takers } from '../graphWalk';
import { lossSpan } from '../lossSpan';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided, wants } from '../rule';
import { costsValidation, editVariant, muchBetter, protocol, verification } from '../trials';
import { howMuch, howTried, lossAmount, percent } from '../words';

/** A softmax as the activation between two layers, where another one learns much more. */
export const softmaxBetweenLayers = {
  id: 'softmax-between-layers',
  tier: 2,
  severity: 'warning',
  title: 'A softmax stands between two layers, and keeps them from learning.',
  explanation: `A softmax makes the units of a layer share out 1 among themselves: with many units each carries next to nothing, all of them move
together, and the slope through it is as small as its values. It belongs on the output, or where shares are meant.

**How it is measured.** A softmax whose values go from one layer of weights straight into the next, and a fifth of the loss or more left at
the end of the run. With a ReLU in its place, re-run from its start, it must fall more than twice as far or leave less than half as much, on
two seeds, and validation must not be worse.

**No fault:** attention, gates and mixtures, where something is multiplied by the shares; nets that learn as they are.

Thresholds: own.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null) return undecided('a model that can be read');
  const softmaxes = betweenLayers(model);
  const [first] = softmaxes;
  if (first === undefined) return irrelevant;
  if (e.run === null) return undecided('a run of the script');
  if (e.run.stoppedBy === 'divergence' || lossLeft(e) < 0.2) return passed;
  const each = softmaxes.map((node) => rectified(e, node));
  const words = `${softmaxes.length === 1 ? 'A softmax stands' : `${softmaxes.length} softmaxes stand`} between layers of this model: their units share out 1 among themselves, and hardly any slope goes through.`;
  const say = (severity: 'warning' | 'information', shown: string, fixes: Parameters<typeof finding>[4]): Outcome =>
    found(finding('softmax-between-layers', severity, first.range, `${words} ${shown}`, fixes));
  const left = `The run ends with ${percent(lossLeft(e))} of its loss left`;
  if (each.some((edits) => edits.length === 0))
    return lossLeft(e) < 0.5 ? passed : say('information', `${left}; another activation was not tried. ${howMuch(e.run)}`, {});
  const edits = distinct(each.flat());
  const trial = protocol(e, editVariant('softmax-between-layers', edits), muchBetter(lossSpan(e)));
  if (trial.kind === 'wants') return wants('a re-run with another activation', ...trial.trials);
  if (trial.kind === 'unavailable') return undecided('a re-run with another activation');
  const { before, after, seeds } = trial;
  if (!trial.helped || costsValidation(after, before)) return passed;
  const title = softmaxes.length === 1 ? 'Put a ReLU in its place' : 'Put ReLUs in their place';
  const shown = `${title}, re-run from the start: the probe loss ends at ${lossAmount(after.probeLoss.end)}, as written at ${lossAmount(before.probeLoss.end)}. ${howTried(after, e.run, seeds)}`;
  return say(seeds < 2 ? 'information' : 'warning', shown, { fixes: [{ title, edits, verified: verification(trial) }] });
}

/** Softmaxes of which one layer of weights makes the input, and only such layers take the values. */
function betweenLayers(model: ModelGraph): readonly ModelNode[] {
  return model.nodes.slice(0, model.lossStart).filter((node, at) => {
    if (node.kind !== 'softmax') return false;
    const [before, after] = [maker(model, node.inputs[0] ?? -1), throughDropout(model, at)];
    return before !== null && isWeighing(before) && after.length > 0 && after.every(isWeighing);
  });
}

/** What takes the values of node `at`, past dropout. */
const throughDropout = (model: ModelGraph, at: number): readonly ModelNode[] =>
  takers(model, at).flatMap((node) => (node.kind === 'dropout' ? throughDropout(model, model.nodes.indexOf(node)) : [node]));

const dimension = String.raw`(?:dim|axis)?\s*=?\s*-?\d+`;

/** The softmax as a ReLU: Keras's name, a module, a function, or a method of the tensor. Empty for other texts. */
function rectified(e: Evidence, { range }: ModelNode): readonly TextEdit[] {
  const named = nameActivation(e.texts, range, 'relu');
  const inCall = replaceWithin(e.texts, range, /\bactivation\s*=\s*(['"])softmax\1/, "activation='relu'");
  const module = replaceWithin(e.texts, range, /\bSoftmax\([^()]*\)$/, 'ReLU()');
  const called = replaceWithin(e.texts, range, new RegExp(String.raw`\bsoftmax\(([^]*?),\s*${dimension}\s*\)$`), 'relu($1)');
  const method = replaceWithin(e.texts, range, new RegExp(String.raw`\.softmax\(\s*${dimension}\s*\)$`), '.relu()');
  return [named, inCall, module, called, method].find((edits) => edits.length > 0) ?? [];
}

/** One constructor may make several layers. */
const distinct = (edits: readonly TextEdit[]): readonly TextEdit[] =>
  edits.filter((edit, i) => edits.findIndex((other) => JSON.stringify(other) === JSON.stringify(edit)) === i);
