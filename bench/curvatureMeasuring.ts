import { checkFile, testSurroundings } from '../test/service/surroundings';
import type { BenchRow } from './row';
import { judged, median, quartiles } from './row';

const example = 'examples/healthy/digits-adam/train.py';
const runs = 3;

/** Share of a default run that goes into measuring rather than training: it informs, and the panel shows the same number. */
export async function measuringRow(): Promise<BenchRow> {
  const surroundings = await testSurroundings();
  const shares: number[] = [];
  const seconds: number[] = [];
  let detail = '';
  for (let round = 0; round <= runs; round++) {
    const [run] = (await checkFile(example, surroundings)).units.flatMap((unit) => (unit.run ? [unit.run] : []));
    if (!run) throw new Error(`${example} was not run`);
    // The first run compiles.
    if (round === 0) continue;
    shares.push(100 * run.measuringShare);
    seconds.push(run.seconds);
    detail = `${run.steps} steps, curvature at ${run.curvatureSteps.length} of them, ${run.parameters} parameters`;
  }
  return judged('curvature', 'share of measuring in a default run of digits-adam', median(shares), '%', null, {
    spread: quartiles(shares),
    detail: `of ${median(seconds).toPrecision(2)} s: ${detail}`,
  });
}
