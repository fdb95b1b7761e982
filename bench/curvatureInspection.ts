import { resolve } from 'node:path';
import { never } from '../src/base/cancel';
import { inspect } from '../src/probe/inspect/inspect';
import { UnitBench } from '../src/probe/inspect/unitBench';
import type { Surroundings } from '../src/probe/session';
import type { InspectParameters } from '../src/protocol/inspection';
import { openScript, projectOnDisk, workspaceOf } from '../src/service/scripts';
import { readScript } from '../src/source/read';
import { testSurroundings } from '../test/service/surroundings';
import type { BenchRow } from './row';
import { judged, median, quartiles } from './row';

const example = 'examples/healthy/digits-adam/train.py';
/** Where the point is looked at: in the middle of the run. */
const step = 200;
const looks = 3;
/** What the first answer, and the point with its lines and ways out, are held to. */
const [mostToVerdict, mostToLines] = [1, 3];

/** Seconds from the question to parts of the answer. */
interface Look {
  readonly verdict: number;
  /** Until the last slice, and the ways out where there are any. */
  readonly lines: number;
  readonly all: number;
}

/** How long a person waits who asks for a point of the digits net, from building the model on. */
export async function inspectionRows(): Promise<BenchRow[]> {
  const surroundings = await testSurroundings();
  const parameters = parametersOf(example, surroundings);
  const taken: Look[] = [];
  for (let round = 0; round <= looks; round++) {
    const look = await timeLook(parameters, surroundings);
    // The first one reads the data and warms up.
    if (round > 0) taken.push(look);
  }
  const row = (title: string, of: keyof Look, atMost: number): BenchRow => {
    const seconds = taken.map((look) => look[of]);
    const detail = `all parts ${median(taken.map(({ all }) => all)).toPrecision(2)} s; step ${step}`;
    return judged('curvature', title, median(seconds), 's', { atMost }, { spread: quartiles(seconds), detail });
  };
  return [
    row('inspection of digits-adam, first verdict', 'verdict', mostToVerdict),
    row('inspection of digits-adam, verdict, slices and escape', 'lines', mostToLines),
  ];
}

async function timeLook(parameters: InspectParameters, surroundings: Surroundings): Promise<Look> {
  const bench = new UnitBench();
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  const at = { verdict: NaN, lines: NaN };
  const outcome = await inspect(
    parameters,
    surroundings,
    bench,
    (event) => {
      if (event.kind !== 'part') return;
      if (event.part.part === 'verdict') at.verdict = seconds();
      if (event.part.part === 'slice' || event.part.part === 'escape') at.lines = seconds();
    },
    never,
  );
  bench.dispose();
  if (outcome.status !== 'done') throw new Error(outcome.reason ?? outcome.status);
  return { ...at, all: seconds() };
}

function parametersOf(path: string, { parser }: Surroundings): InspectParameters {
  const folder = resolve('.');
  const script = openScript(path, folder);
  if (!script.ok) throw new Error(script.error);
  const folders = workspaceOf(script.value.path, folder);
  const texts: Record<string, string> = { [script.value.path]: script.value.text };
  const [experiment] = readScript(parser, script.value.path, script.value.text, projectOnDisk(folders, texts), {}).experiments;
  if (!experiment) throw new Error(`${path} has no training unit`);
  return { experiment, texts, options: { folders, off: [], budgetSeconds: null }, step, nearest: false } as InspectParameters;
}
