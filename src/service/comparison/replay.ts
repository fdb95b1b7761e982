import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import type { CancelToken } from '../../base/cancel';
import { fail, ok, type Result } from '../../base/result';
import type { ComparisonFailure } from '../../records/comparison';
import type { GivenValues } from '../../records/given';
import { pythonEnvironment } from './python';
import type { Recorded } from './recorded';
import { parseNumbers } from './reference';

/** One run of a script, as media/python/compare.py takes it. */
export interface ReplayJob {
  readonly script: string;
  /** Its Python. */
  readonly text: string;
  /** Folder that it runs in. */
  readonly folder: string;
  /** Folders under which nothing is written. */
  readonly kept: readonly string[];
  /** Whether the script draws some of its data at random: they are exchanged then. */
  readonly generated: boolean;
  /** In float64 in place of float32. */
  readonly double: boolean;
  /** Folder of the bundled images when the trace was taken on them. */
  readonly images: string | null;
  readonly given: GivenValues;
}

type Answer = Recorded | { readonly error: { readonly kind: string; readonly text: string; readonly line: number | null } };

/** How much of what Python complains of is kept, in characters. */
const complaint = 2000;

/**
 * Runs a script in a fresh Python until the trace's last step. The process ends there, at a cancellation, and when this
 * process goes: it listens to its open input. `programs` is the folder of the shipped Python files.
 */
export function replay(
  interpreter: string,
  programs: string,
  job: ReplayJob,
  trace: Uint8Array,
  cancel: CancelToken,
): Promise<Result<Recorded, ComparisonFailure>> {
  const child = spawn(interpreter, ['-B', '-W', 'ignore', join(programs, 'compare.py')], {
    env: pythonEnvironment(),
    // A group of its own, so that what the script starts ends with it.
    detached: process.platform !== 'win32',
  });
  const forget = cancel.onCancel(() => end(child));
  return new Promise((resolve) => {
    let [told, complained] = ['', ''];
    const settle = (outcome: Result<Recorded, ComparisonFailure>): void => {
      forget();
      end(child);
      resolve(outcome);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complained = (complained + text).slice(-complaint)));
    child.on('error', (error) => settle(failed('python', `${interpreter} cannot be started: ${error.message}`)));
    child.on('close', (code, signal) => settle(told === '' ? silent(signal ?? `exit ${code}`, complained) : answerOf(told)));
    // It may end before it has read everything; what it said counts then.
    child.stdin.on('error', () => undefined);
    child.stdin.write(`${JSON.stringify({ ...job, bytes: trace.byteLength })}\n`);
    child.stdin.write(trace);
  });
}

function end(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

function answerOf(text: string): Result<Recorded, ComparisonFailure> {
  const answer = parseNumbers(text) as Answer;
  if (!('error' in answer)) return ok(answer);
  const { kind, text: why, line } = answer.error;
  if (kind === 'noTorch') return failed('python', `PyTorch cannot be loaded: ${why}`);
  return failed(kind === 'data' || kind === 'optimizer' ? kind : 'script', why, line);
}

const silent = (ending: string, complained: string): Result<never, ComparisonFailure> =>
  failed('script', `Python ended without an answer (${ending}). ${complained.trim().split('\n').at(-1) ?? ''}`.trim());

const failed = (kind: ComparisonFailure['kind'], text: string, line: number | null = null): Result<never, ComparisonFailure> =>
  fail({ kind, text, line });
