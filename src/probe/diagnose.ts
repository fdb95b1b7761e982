import type { CancelToken } from '../base/cancel';
import { loadDataset } from '../data/load';
import { judge, type Verdict } from '../diagnosis/judge';
import { allRules } from '../diagnosis/registry';
import type { Evidence } from '../diagnosis/rule';
import { grouped } from '../diagnosis/words';
import { buildTwin } from '../engine/build';
import type { DiagnoseParameters } from '../protocol/diagnosis';
import type { DataError, Dataset } from '../records/dataset';
import type { UnitReport, UnitStatus } from '../records/report';
import type { Experiment } from '../records/experiment';
import type { Reason } from '../records/source';
import type { TrialResult } from '../records/trial';
import { mainRun, type MainRun } from './mainRun';
import { longestWork, planRun } from './plan';
import { openProbe } from './probeRows';
import { readiness } from './readiness';
import { standInData } from './standIn/standIn';
import { reportBase, untrainedReport, verdictPart } from './report';
import { loadOptions, type Emit, type Prepared, type Session, type Surroundings } from './session';
import { withTriedFixes } from './refusedFixes';
import { TrialBench } from './trialBench';
import { trialWords } from './trialWords';
import { partsAssumption, tooBig, tooManyParameters, workOf } from './work';

/**
 * The whole way for one training unit: load, build, train and measure, judge, try what the rules ask for, judge again.
 * Never throws for a fault of the script or its data: the report then says at which place it stopped, and why.
 */
export async function diagnose(
  parameters: DiagnoseParameters,
  surroundings: Surroundings,
  emit: Emit,
  cancel: CancelToken,
): Promise<UnitReport> {
  const { experiment, options } = parameters;
  const deadline = options.budgetSeconds === null ? null : Date.now() + options.budgetSeconds * 1000;
  const session: Session = { parameters, surroundings, emit, bounds: { cancel, deadline } };
  const ready = readiness(experiment, options);
  if (ready.status !== 'measured') return stop(session, ready.status, ready.reason, null);

  const oversize = tooManyParameters(experiment);
  if (oversize) return stop(session, 'static', oversize, null);

  emit({ kind: 'phase', phase: 'loading', fraction: 0, text: 'Loading the data' });
  const seed = options.seed ?? experiment.seed?.value ?? 0;
  const loaded = await loadDataset(experiment, loadOptions(session, seed));
  const missing = loaded.ok ? null : (unreadRows(experiment) ?? missingData(loaded.error));
  if (missing && options.standIn !== true) return stop(session, 'static', missing, null);
  const source = loaded.ok ? loaded : standInData(experiment, seed);
  if (!source.ok) return stop(session, 'static', missing ?? source.error, null);
  const dataset = source.value;
  if (loaded.ok) emit({ kind: 'data', statistics: dataset.statistics, assumptions: dataset.assumptions, files: dataset.files });

  const refusal = tooBig(experiment, dataset, longestWork);
  const known = loaded.ok ? dataset : null;
  if (refusal) return stop(session, 'static', refusal, known);

  emit({ kind: 'phase', phase: 'building', fraction: 0.02, text: 'Building the model' });
  const built = await buildTwin(experiment, dataset, surroundings.runtime);
  if (!built.ok) return known ? refused(session, seed, built.error, known) : stop(session, 'static', built.error, null);
  const twin = built.value;
  try {
    const plan = planRun(workOf(twin));
    return await measured(session, { dataset, twin, plan, seed }, missing);
  } finally {
    twin.dispose();
  }
}

/** Why the rows are not known, when they come from where the reader does not follow. */
const unreadRows = ({ unread }: Experiment): Reason | null => unread.find(({ missing }) => missing?.kind === 'rows') ?? null;

/** Why there are no data; a file that is not there may be picked by the person. */
const missingData = ({ text, range, notFound, file }: DataError): Reason => ({
  text,
  range,
  ...(notFound === true ? { missing: { kind: 'data', ...(file ? { path: file.path } : {}) } } : {}),
});

/** Ends a diagnosis that cannot train: what the text and the data alone tell is still judged. */
function stop(session: Session, status: UnitStatus, reason: Reason | null, dataset: Dataset | null): UnitReport {
  const report = untrainedReport(session.parameters, status, reason, dataset);
  session.emit({ kind: 'findings', findings: report.findings, passed: report.passed, undecided: report.undecided });
  session.emit({ kind: 'phase', phase: 'done', fraction: 1, text: reason?.text ?? 'Done' });
  return report;
}

/** Ends a diagnosis of a script that the framework would stop as well: what mends it is tried. */
async function refused(session: Session, seed: number, reason: Reason, dataset: Dataset): Promise<UnitReport> {
  const report = stop(session, 'static', reason, dataset);
  const findings = await withTriedFixes(session, seed, report.findings);
  session.emit({ kind: 'findings', findings, passed: report.passed, undecided: report.undecided });
  session.emit({ kind: 'phase', phase: 'done', fraction: 1, text: reason.text });
  return { ...report, findings };
}

/** Share of the progress bar that the main run takes; trials have the rest. */
const mainShare = 0.5;

/** `missing`: why the data are made up; null for the script's own. Then the run gives curves, and the text alone verdicts. */
async function measured(session: Session, prepared: Prepared, missing: Reason | null): Promise<UnitReport> {
  const { emit, bounds, parameters } = session;
  const { twin, plan, seed, dataset } = prepared;
  emit({
    kind: 'phase',
    phase: 'training',
    fraction: 0.05,
    text: `Training ${grouped(plan.steps)} of ${grouped(plan.ofSteps)} steps`,
  });
  const probe = openProbe(twin, plan, seed);
  let main: MainRun;
  try {
    main = await mainRun({
      twin,
      experiment: parameters.experiment,
      plan,
      probe,
      seed,
      bounds,
      onBatch: (batch, step) => {
        emit({ kind: 'measurements', batch });
        const fraction = 0.05 + (mainShare - 0.05) * (step / plan.steps);
        emit({ kind: 'phase', phase: 'training', fraction, text: `Step ${grouped(step)} of ${grouped(plan.steps)}` });
      },
    });
  } finally {
    probe.dispose();
  }
  const run = { ...main.summary, ofRows: dataset.statistics.ofRows };
  emit({ kind: 'run', run });
  if (missing) {
    const text = `Run on stand-in data, made up in the shape that the model takes: its curves say nothing about yours. ${missing.text}`;
    const report = stop(session, 'static', { ...missing, text }, null);
    return { ...report, run, measurements: main.measurements, standIn: true };
  }
  const evidence: Evidence = {
    experiment: parameters.experiment,
    statistics: dataset.statistics,
    run,
    measurements: main.measurements,
    trials: new Map(),
    baseline: main.baseline,
    texts: parameters.texts,
  };
  const verdict = await judgeWithTrials(session, prepared, evidence);
  emit({ kind: 'phase', phase: 'done', fraction: 1, text: 'Done' });
  return {
    ...reportBase(parameters.experiment, 'measured', null, [
      ...dataset.assumptions,
      ...partsAssumption(parameters.experiment, twin),
    ]),
    run,
    ...verdictPart(verdict),
    measurements: main.measurements,
  };
}

/** Judges; runs the trials that rules ask for; judges again, until none is asked for or the plan's number is used up. */
async function judgeWithTrials(session: Session, prepared: Prepared, evidence: Evidence): Promise<Verdict> {
  const { emit, bounds, parameters } = session;
  const trials = new Map<string, TrialResult>();
  const bench = new TrialBench(session, prepared);
  const off = parameters.options.off;
  let verdict = judge(allRules, { ...evidence, trials }, { off });
  try {
    for (;;) {
      const wanted = verdict.wanted.filter((request) => !trials.has(request.key));
      const stop = wanted.length === 0 || trials.size >= prepared.plan.trials || bounds.cancel.cancelled;
      emit({ kind: 'findings', findings: verdict.findings, passed: verdict.passed, undecided: verdict.undecided });
      if (stop) return verdict;
      for (const request of wanted.slice(0, prepared.plan.trials - trials.size)) {
        const fraction = mainShare + (1 - mainShare) * (trials.size / prepared.plan.trials);
        emit({ kind: 'phase', phase: 'trials', fraction, text: `Trying ${trialWords(request.key)}` });
        const result = await bench.run(request);
        if (!result) return verdict;
        trials.set(request.key, result);
      }
      verdict = judge(allRules, { ...evidence, trials: new Map(trials) }, { off });
    }
  } finally {
    bench.dispose();
  }
}
