import { lanczos } from '../../curvature/lanczos';
import { buildTwin } from '../../engine/build';
import type { Twin } from '../../engine/twin';
import type { Dataset } from '../../records/dataset';
import type { Experiment } from '../../records/experiment';
import type { InspectedRavine } from '../../records/inspection/ravine';
import type { BranchCurve, RemedyKind, TriedRemedy } from '../../records/inspection/remedies';
import { branchCurve } from './branchCurve';
import { withBatchNorm, withNormalisedInputs, withOptimizer, withRate } from './changedUnit';
import { effortOf, timesWithin } from './effort';
import type { CostMeter, EmitPart, MeasuredSpot } from './spot';
import { TrainedLoss, trainedForm } from './trainedLoss';

/** Work of one branch, and its steps at most and at least. */
const branchWork = 5e9;
const mostSteps = 300;
const fewestSteps = 20;
/** Points at which a branch's loss is measured. */
const points = 24;
/** Rates that Adam is tried with. */
const adamRates = [0.001, 0.01];

/** A unit that was changed, ready to run, with its loss on the rows of the point. */
interface Changed {
  readonly twin: Twin;
  readonly experiment: Experiment;
  readonly loss: TrainedLoss;
  dispose(): void;
}

/** Tries momentum, Adam, normalised inputs and batch norm, each for as many steps as the run as it is. Leaves the run as it was. */
export async function inspectRemedies(
  spot: MeasuredSpot,
  best: InspectedRavine['best'],
  emit: EmitPart,
  meter: CostMeter,
): Promise<void> {
  let own: Promise<BranchCurve> | null = null;
  const asItIs = (): Promise<BranchCurve> => (own ??= asItIsFromHere(spot));
  const trials = [
    () => tryMomentum(spot, best, asItIs),
    () => tryAdam(spot, asItIs),
    () => tryNormalisedInputs(spot),
    () => tryBatchNorm(spot),
  ];
  const tried: TriedRemedy[] = [];
  for (const trial of trials) {
    const next = await trial();
    if (spot.cancel.cancelled) return;
    tried.push(next);
    emit({ part: 'remedies', tried: [...tried], of: trials.length, cost: meter.take() });
  }
}

const stepsOf = ({ unit }: MeasuredSpot): number => timesWithin(branchWork, effortOf(unit).step, fewestSteps, mostSteps);

const doesNotApply = (remedy: RemedyKind, from: TriedRemedy['from'], text: string): TriedRemedy => ({
  remedy,
  from,
  text,
  curve: null,
  asItIs: null,
});

async function tryMomentum(
  spot: MeasuredSpot,
  best: InspectedRavine['best'],
  asItIs: () => Promise<BranchCurve>,
): Promise<TriedRemedy> {
  const { optimizer } = spot.unit.experiment;
  if (!best || !optimizer)
    return doesNotApply(
      'momentum',
      'here',
      'What is left of the loss does not spread over curvatures that momentum could even out.',
    );
  // Fastest on the quadratic model; a net with noisy batches may not bear it, so a quarter of the rate is tried too.
  const settings = [best.rate, best.rate / 4].map((rate) => ({ kind: 'sgd', rate, momentum: best.momentum }) as const);
  const { curve, change, reason } = await bestFromHere(spot, settings);
  if (!curve) return doesNotApply('momentum', 'here', reason);
  const rate = change.rate === best.rate ? '' : `, a quarter of its best: that one did worse`;
  const text = `SGD with momentum ${short(best.momentum)}, the fastest between curvatures ${short(best.flattest)} and ${short(best.stiffest)}, at rate ${short(change.rate)}${rate}.`;
  return { remedy: 'momentum', from: 'here', text, curve, asItIs: await asItIs() };
}

async function tryAdam(spot: MeasuredSpot, asItIs: () => Promise<BranchCurve>): Promise<TriedRemedy> {
  const { optimizer } = spot.unit.experiment;
  if (!optimizer || optimizer.kind === 'adam' || optimizer.kind === 'adamw') {
    return doesNotApply('adam', 'here', 'The script uses it.');
  }
  const { curve, change, reason } = await bestFromHere(
    spot,
    adamRates.map((rate) => ({ kind: 'adam', rate }) as const),
  );
  if (!curve) return doesNotApply('adam', 'here', reason);
  const text = `Adam at rate ${short(change.rate)}, the better of ${adamRates.join(' and ')}.`;
  return { remedy: 'adam', from: 'here', text, curve, asItIs: await asItIs() };
}

/** The change that ends lowest from the point's own parameters. */
async function bestFromHere<C extends Parameters<typeof withOptimizer>[2]>(
  spot: MeasuredSpot,
  changes: readonly C[],
): Promise<{ readonly curve: BranchCurve | null; readonly change: C; readonly reason: string }> {
  const { unit, theta, cancel } = spot;
  let best: { curve: BranchCurve; change: C } | null = null;
  let reason = '';
  for (const change of changes) {
    const optimizer = unit.experiment.optimizer;
    if (!optimizer || cancel.cancelled) break;
    const changed = await open(spot, withOptimizer(unit.experiment, optimizer, change), unit.dataset);
    if (typeof changed === 'string') {
      reason = changed;
      continue;
    }
    const run = changed.twin.start(unit.seed, { totalSteps: unit.plan.steps });
    run.theta.set(theta);
    const curve = await branchCurve(run, unit.loss.bareLossAt, stepsOf(spot), points, cancel);
    run.dispose();
    changed.dispose();
    if (best === null || end(curve) < end(best.curve)) best = { curve, change };
  }
  return { curve: best?.curve ?? null, change: best?.change ?? (changes[0] as C), reason };
}

const end = ({ losses }: BranchCurve): number => losses[losses.length - 1] ?? Infinity;

/** The run as it is from the point on; away from the run, its optimizer begins anew. */
async function asItIsFromHere(spot: MeasuredSpot): Promise<BranchCurve> {
  const { unit, theta, origin, cancel } = spot;
  const { run } = unit.course;
  if (origin === null) {
    const before = run.snapshot();
    const curve = await branchCurve(run, unit.loss.bareLossAt, stepsOf(spot), points, cancel);
    run.restore(before);
    return curve;
  }
  const fresh = unit.twin.start(unit.seed, { totalSteps: unit.plan.steps, learningRate: run.learningRate });
  fresh.theta.set(theta);
  const curve = await branchCurve(fresh, unit.loss.bareLossAt, stepsOf(spot), points, cancel);
  fresh.dispose();
  return curve;
}

async function tryNormalisedInputs(spot: MeasuredSpot): Promise<TriedRemedy> {
  const dataset = withNormalisedInputs(spot.unit.dataset);
  if (!dataset) return doesNotApply('normalised inputs', 'start', 'The inputs are normalised, or are no real numbers.');
  return tryFromStart(spot, 'normalised inputs', 'Every input column at mean 0 and deviation 1', spot.unit.experiment, dataset);
}

async function tryBatchNorm(spot: MeasuredSpot): Promise<TriedRemedy> {
  const changed = withBatchNorm(spot.unit.experiment);
  if (!changed) {
    return doesNotApply(
      'batch norm',
      'start',
      'The model normalises already, or has no hidden layer with an activation to put it before.',
    );
  }
  return tryFromStart(spot, 'batch norm', 'Batch norm before every hidden activation', changed, spot.unit.dataset);
}

/** A changed model or input has first values of its own, and a rate as far from its limit as the script's is from the script's. */
async function tryFromStart(
  spot: MeasuredSpot,
  remedy: RemedyKind,
  text: string,
  experiment: Experiment,
  dataset: Dataset,
): Promise<TriedRemedy> {
  const { unit, cancel } = spot;
  const own: Changed = { twin: unit.twin, experiment: unit.experiment, loss: unit.loss, dispose: () => undefined };
  const changed = await open(spot, experiment, dataset);
  if (typeof changed === 'string') return doesNotApply(remedy, 'start', changed);
  let subject = changed;
  let rate = 'at the script’s rate';
  if (unit.experiment.optimizer?.kind === 'sgd') {
    const factor = (await startCurvature(spot, own)) / (await startCurvature(spot, changed));
    if (factor > 0 && Number.isFinite(factor) && Math.abs(Math.log(factor)) > 0.2) {
      const faster = await open(spot, withRate(experiment, factor), dataset);
      if (typeof faster !== 'string') {
        changed.dispose();
        subject = faster;
        rate = `at ${short(factor)} times the rate, as near to its limit as the script’s`;
      }
    }
  }
  const run = async ({ twin, loss }: Changed): Promise<BranchCurve> => {
    const started = twin.start(unit.seed, { totalSteps: unit.plan.steps });
    const curve = await branchCurve(started, loss.bareLossAt, stepsOf(spot), points, cancel);
    started.dispose();
    return curve;
  };
  const curve = await run(subject);
  subject.dispose();
  return { remedy, from: 'start', text: `${text}, ${rate}.`, curve, asItIs: await run(own) };
}

/** The largest eigenvalue at the first values. */
async function startCurvature({ unit, random, cancel }: MeasuredSpot, { twin, loss }: Changed): Promise<number> {
  const run = twin.start(unit.seed, { totalSteps: unit.plan.steps });
  const operator = await loss.hessian(run.theta.slice());
  const maximumApplications = Math.min(12, unit.plan.lanczosProducts);
  const { largest } = await lanczos(operator, {
    random: random.fork('start'),
    ends: 'largest',
    tolerance: 0.05,
    maximumApplications,
    cancel,
  });
  operator.dispose();
  run.dispose();
  return largest.value;
}

async function open({ unit }: MeasuredSpot, experiment: Experiment, dataset: Dataset): Promise<Changed | string> {
  const built = await buildTwin(experiment, dataset, unit.runtime);
  if (!built.ok) return built.error.text;
  const twin = built.value;
  const objective = twin.objective('train', unit.loss.rowNumbers);
  const loss = new TrainedLoss(objective, trainedForm(experiment, twin));
  const dispose = (): void => {
    objective.dispose();
    twin.dispose();
  };
  return { twin, experiment, loss, dispose };
}

const short = (x: number): string => Number(x.toPrecision(2)).toString();
