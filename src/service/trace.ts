import { writeFileSync } from 'node:fs';
import type { CancelToken } from '../base/cancel';
import { fail, ok, type Result } from '../base/result';
import type { Surroundings } from '../probe/session';
import type { TraceCommand } from './arguments';
import { reasonWords, readUnit } from './oneUnit';
import type { Script } from './scripts';
import { takeTrace } from './takeTrace';

/** Records the first steps of one unit's run into an npz file; a sentence when that does not work. */
export async function writeTrace(
  command: TraceCommand,
  script: Script,
  folder: string,
  surroundings: Surroundings,
  cancel: CancelToken,
): Promise<Result<null, string>> {
  const unit = readUnit(script, command.unit, folder, surroundings);
  if (!unit.ok) return unit;
  const seed = command.seed ?? unit.value.experiment.seed?.value ?? 0;
  try {
    const taken = await takeTrace(unit.value, surroundings, { steps: command.steps, seed, cancel, toTheEnd: false });
    if (!taken.ok) return fail(reasonWords(script, taken.error));
    if (!cancel.cancelled) writeFileSync(command.out, taken.value.bytes);
    return ok(null);
  } catch (error) {
    return fail(`${command.out}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
