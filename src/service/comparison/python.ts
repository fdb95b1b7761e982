import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../base/result';
import type { Interpreter } from '../../protocol/comparison';

/** How long a Python may take to say what it is, in ms: some start from a network. */
const patience = 30_000;

/** Where a Python is looked for, in order: a path that is given is the only one. */
export function pythonCandidates(given: string | null, environment: Readonly<Record<string, string | undefined>>): string[] {
  if (given !== null) return [given];
  const { DESCENT_LENS_PYTHON: own, VIRTUAL_ENV: folder } = environment;
  const inFolder =
    folder && (process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python'));
  return [own, inFolder, 'python3', 'python'].flatMap((path) => (path ? [path] : []));
}

/** The first of the candidates that has PyTorch; else what each of them lacks. `folder` is that of the shipped Python files. */
export async function findPython(candidates: readonly string[], folder: string): Promise<Result<Interpreter, string>> {
  const tried: string[] = [];
  for (const path of candidates) {
    const found = await examine(path, folder);
    if (found.ok) return found;
    tried.push(found.error);
  }
  return fail(tried.join('; '));
}

async function examine(path: string, folder: string): Promise<Result<Interpreter, string>> {
  const answer = await new Promise<Result<string, string>>((resolve) => {
    const settings = { timeout: patience, encoding: 'utf8', env: pythonEnvironment() } as const;
    execFile(path, ['-B', join(folder, 'find_torch.py')], settings, (error, stdout) => {
      if (!error) resolve(ok(stdout));
      else resolve(fail(error.code === 'ENOENT' ? `there is no ${path}` : `${path} cannot be run as Python`));
    });
  });
  if (!answer.ok) return answer;
  try {
    const { python, torch } = JSON.parse(answer.value) as { readonly python: string; readonly torch: string | null };
    return torch === null ? fail(`${path} (Python ${python}) has no PyTorch`) : ok({ path, python, torch });
  } catch {
    return fail(`${path} cannot be run as Python`);
  }
}

/** The environment for Python: ours, without what makes an editor's binary behave as Node. */
export function pythonEnvironment(): NodeJS.ProcessEnv {
  const kept = { ...process.env };
  delete kept['ELECTRON_RUN_AS_NODE'];
  return kept;
}
