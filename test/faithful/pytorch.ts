import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseNumbers, type Reference } from '../../src/service/comparison/reference';
import { python } from '../engine/python';

/** One script to run on a trace. */
export interface Job {
  readonly script: string;
  readonly trace: string;
  readonly generated: boolean;
}

/** A run in PyTorch, and the norms of the differences between the trace's final tensors and its own; or why it failed. */
export type Replay =
  { readonly reference: Reference; readonly differences: Readonly<Record<string, number>> } | { readonly error: string };

/** Runs all scripts in one process; `folder` is for its list of jobs. */
export function replayInPyTorch(jobs: readonly Job[], folder: string): readonly Replay[] {
  const list = join(folder, 'jobs.json');
  writeFileSync(list, JSON.stringify(jobs));
  const path = fileURLToPath(new URL('replay_script.py', import.meta.url));
  const { status, stdout, stderr } = spawnSync(python, ['-W', 'ignore', path, list], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(stderr);
  return parseNumbers(stdout) as readonly Replay[];
}
