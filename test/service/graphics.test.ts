import { describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRuntime } from '../../src/engine/onnx/backend';
import { chosenBackend, tryGraphics } from '../../src/service/graphics';

/** What a program that does `text` in place of the trial is told of. */
async function trialOf(text: string): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'descent-lens-graphics-'));
  const program = join(folder, 'program.cjs');
  writeFileSync(program, text);
  try {
    return await tryGraphics(program);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the graphics processor', () => {
  it('is tried in a process of its own, whatever happens there', async () => {
    expect(await trialOf("process.exit(process.argv[2] === '--try-graphics-processor' ? 0 : 3)")).toBeNull();
    expect(await trialOf('process.exit(1)')).toBe('its trial ended with exit 1');
    expect(await trialOf("process.kill(process.pid, 'SIGKILL')")).toBe('its trial ended with SIGKILL');
    expect(await trialOf("process.stderr.write('no adapter', () => process.exit(1))")).toBe('no adapter');
  });

  it('is left alone unless asked for', () => {
    expect(chosenBackend({})).toBe('auto');
    expect(chosenBackend({ DESCENT_LENS_BACKEND: 'webgpu' })).toBe('webgpu');
    expect(chosenBackend({ DESCENT_LENS_BACKEND: 'abacus' })).toBe('auto');
  });

  it('gives way to the processor where its trial fails, and says why', async () => {
    const runtime = await openRuntime('webgpu', () => Promise.resolve('no adapter'));
    expect(runtime.backend).toBe('onnxruntime-node');
    expect(runtime.note).toBe('The graphics processor cannot be used: the engine runs on the processor (no adapter)');
  });

  it('is taken where its trial passes; other choices are as asked', async () => {
    expect((await openRuntime('webgpu', () => Promise.resolve(null))).backend).toBe('onnxruntime-node on webgpu');
    expect((await openRuntime('webassembly')).backend).toBe('onnxruntime-web');
    expect((await openRuntime('native')).backend).toBe('onnxruntime-node');
    expect((await openRuntime()).note).toBeNull();
  });
});
