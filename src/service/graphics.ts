import { fork } from 'node:child_process';
import { createGraphicsRuntime, type BackendChoice } from '../engine/onnx/backend';
import { gradient } from '../graph/differentiate';
import { Graph } from '../graph/graph';

/*
 * A driver that hangs or crashes must not touch the engine: the graphics processor is first tried in a process of its
 * own, which is this program once more with one word.
 */
const trial = '--try-graphics-processor';

/** Longest time that the trial may take, in ms; a first start compiles its shaders. */
const patience = 20_000;

/** In the process that tries the graphics processor: does so and ends with it. Otherwise goes on with `work`. */
export function unlessGraphicsTrial(words: readonly string[], work: () => void): void {
  if (words[0] !== trial) {
    work();
    return;
  }
  runGraphicsTrial().then(
    (status) => process.exit(status),
    (error: unknown) => {
      process.stderr.write(error instanceof Error ? error.message : String(error), () => process.exit(1));
    },
  );
}

/** The trial: the gradient of a small net must be the one that is known. Resolves with the exit status. */
async function runGraphicsTrial(): Promise<number> {
  const g = new Graph();
  const [x, w] = [g.input('x', [2, 2]), g.input('w', [2, 2])];
  const loss = g.sum(g.square(g.matmul(x, w)));
  const [slope] = gradient(g, loss, [w]);
  const inputs = [
    { name: 'x', tensor: x },
    { name: 'w', tensor: w },
  ];
  const program = await createGraphicsRuntime().compile({ inputs, outputs: [{ name: 'slope', tensor: slope ?? w }] });
  const result = await program.run({ x: Float32Array.of(1, 2, 3, 4), w: Float32Array.of(1, 0, 0, 1) });
  // 2 xᵀ x w, with w the identity.
  return [20, 28, 28, 40].every((value, i) => Math.abs((result['slope']?.[i] ?? NaN) - value) < 1e-3) ? 0 : 1;
}

/** Tries the graphics processor in a child process that runs `program`; the reason why it cannot be used, or null. */
export function tryGraphics(program: string): Promise<string | null> {
  return new Promise((resolve) => {
    const child = fork(program, [trial], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'], timeout: patience });
    let said = '';
    child.stderr?.on('data', (text: Buffer) => (said += text.toString('utf8')));
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (status, signal) => {
      const why = said.trim().split('\n')[0] ?? '';
      if (status === 0) resolve(null);
      else if (signal === 'SIGTERM') resolve('its trial did not end in time');
      else resolve(why === '' ? `its trial ended with ${signal ?? `exit ${status}`}` : why);
    });
  });
}

/** The backend that the environment asks for. */
export function chosenBackend(environment: NodeJS.ProcessEnv): BackendChoice {
  const choice = environment['DESCENT_LENS_BACKEND'];
  return choices.find((one) => one === choice) ?? 'auto';
}

const choices: readonly BackendChoice[] = ['auto', 'native', 'webassembly', 'webgpu'];
