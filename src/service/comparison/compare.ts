import { dirname, join, sep } from 'node:path';
import type { CancelToken } from '../../base/cancel';
import { ok, type Result } from '../../base/result';
import type { Surroundings } from '../../probe/session';
import type { CompareEvent, CompareParameters, CompareResult } from '../../protocol/comparison';
import type { ComparisonFailure } from '../../records/comparison';
import type { Experiment } from '../../records/experiment';
import { takeTrace, type TakenTrace } from '../takeTrace';
import { readNpz, type NpzArray } from './npz';
import type { Recorded } from './recorded';
import { replay, type ReplayJob } from './replay';
import { verdictOf } from './verdict';

/** Whether the script draws some of its data at random: those are exchanged, since the streams of numbers differ. */
export const isGenerated = ({ data }: Experiment): boolean =>
  data.steps.some(({ kind }) => kind.startsWith('random') && kind !== 'randomSplit');

/** Folder of the shipped Python files. */
export const pythonFolder = ({ bundled }: Surroundings): string => join(bundled, '..', 'python');

/**
 * Takes the first steps of a unit here, then lets the script take them in PyTorch on the same parameters, rows, batches and
 * masks, and compares. A second run in float64 is made only where the first is further off than the fixed bounds allow,
 * to know how much of that is PyTorch's own rounding.
 */
export async function compareUnit(
  parameters: CompareParameters,
  surroundings: Surroundings,
  emit: (event: CompareEvent) => void,
  cancel: CancelToken,
): Promise<CompareResult> {
  const { experiment, options, steps, interpreter } = parameters;
  const unfit = whyUnfit(parameters);
  if (unfit !== null) return failed('unfit', unfit);
  emit({ text: `taking ${steps} steps here` });
  const seed = options.seed ?? experiment.seed?.value ?? 0;
  const taken = await takeTrace(parameters, surroundings, { steps, seed, cancel, toTheEnd: true });
  if (cancel.cancelled) return { status: 'cancelled' };
  if (!taken.ok) return failed('untrained', taken.error.text, taken.error.range.line);
  const trace = { ...taken.value, arrays: readNpz(taken.value.bytes) };
  const runs = await runsInPython(parameters, surroundings, trace, emit, cancel);
  if (cancel.cancelled) return { status: 'cancelled' };
  if (!runs.ok) return { status: 'failed', failure: runs.error };
  const { single, double } = runs.value;
  const comparison = verdictOf({ ...trace, optimizer: experiment.optimizer }, single, double, interpreter);
  return { status: 'compared', comparison, files: taken.value.dataset.files };
}

/** Why a unit cannot be compared at all. */
function whyUnfit({ experiment, texts, options }: CompareParameters): string | null {
  const { framework, path } = experiment.unit;
  if (framework !== 'pytorch') return 'Only PyTorch scripts can be compared with PyTorch.';
  if (/^\s*(import|from) (pytorch_lightning|lightning)\b/m.test(texts[path] ?? ''))
    return "Scripts that train by Lightning's trainer cannot be compared: it takes the steps, not the script.";
  if (options.dataPath !== undefined)
    return 'The script reads its own data, and here another file was picked in their place: the two cannot be compared.';
  if ((experiment.partners ?? []).length > 0)
    return 'Optimizers that take turns cannot be compared: the exchange with PyTorch follows one of them.';
  return null;
}

interface ReadTrace extends TakenTrace {
  readonly arrays: ReadonlyMap<string, NpzArray>;
}

interface Runs {
  readonly single: Recorded;
  readonly double: Recorded | null;
}

async function runsInPython(
  parameters: CompareParameters,
  surroundings: Surroundings,
  trace: ReadTrace,
  emit: (event: CompareEvent) => void,
  cancel: CancelToken,
): Promise<Result<Runs, ComparisonFailure>> {
  const { interpreter } = parameters;
  const run = (job: ReplayJob): Promise<Result<Recorded, ComparisonFailure>> =>
    replay(interpreter, pythonFolder(surroundings), job, trace.bytes, cancel);
  emit({ text: 'running the script in PyTorch' });
  const [first, ...others] = jobsOf(parameters, surroundings, trace);
  let job = first;
  let single = await run(job);
  // People start scripts in their own folder or in that of the project.
  for (const other of others) {
    if (single.ok || single.error.kind !== 'data' || cancel.cancelled) break;
    const again = await run(other);
    if (again.ok || again.error.kind !== 'data') [job, single] = [other, again];
  }
  if (!single.ok || cancel.cancelled) return single.ok ? ok({ single: single.value, double: null }) : single;
  const ours = { ...trace, optimizer: parameters.experiment.optimizer };
  const close = verdictOf(ours, single.value, null, interpreter).differences.length === 0;
  if (close || single.value.steps < (trace.arrays.get('loss')?.values.length ?? 0))
    return ok({ single: single.value, double: null });
  emit({ text: 'running it in float64 too, to know its own rounding' });
  const double = await run({ ...job, double: true });
  // A script that insists on float32 cannot run in float64: then the fixed bounds decide.
  const usable = double.ok && double.value.steps === single.value.steps;
  return ok({ single: single.value, double: usable ? double.value : null });
}

/** The script in its own folder, then in those of the workspace. */
function jobsOf(
  { experiment, texts, options }: CompareParameters,
  { bundled }: Surroundings,
  { dataset }: TakenTrace,
): [ReplayJob, ...ReplayJob[]] {
  const { path } = experiment.unit;
  const own = dirname(path);
  const images = dataset.files.some((file) => file.path.startsWith(join(bundled, 'FashionMNIST') + sep)) ? bundled : null;
  const job = (folder: string): ReplayJob => ({
    script: path,
    text: texts[path] ?? '',
    folder,
    kept: [...new Set([own, ...options.folders])],
    generated: isGenerated(experiment),
    double: false,
    images,
    given: options.given ?? {},
  });
  return [job(own), ...options.folders.filter((folder) => folder !== own).map(job)];
}

const failed = (kind: ComparisonFailure['kind'], text: string, line: number | null = null): CompareResult => ({
  status: 'failed',
  failure: { kind, text, line },
});
