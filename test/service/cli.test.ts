import * as esbuild from 'esbuild';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTorch, python } from '../engine/python';

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'descent-lens-cli-'));
  const dist = join(folder, 'dist');
  mkdirSync(dist);
  await esbuild.build({
    entryPoints: ['src/service/main.ts'],
    outfile: join(dist, 'cli.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['onnxruntime-node', 'onnxruntime-web'],
    alias: { 'web-tree-sitter': resolve('node_modules/web-tree-sitter/web-tree-sitter.cjs') },
  });
  cpSync('node_modules/web-tree-sitter/web-tree-sitter.wasm', join(dist, 'web-tree-sitter.wasm'));
  cpSync('node_modules/tree-sitter-python/tree-sitter-python.wasm', join(dist, 'tree-sitter-python.wasm'));
  symlinkSync(resolve('media'), join(folder, 'media'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  return spawnSync(process.execPath, [join(folder, 'dist/cli.js'), ...args], { encoding: 'utf8', cwd: resolve('.') });
}

const healthy = 'examples/healthy/iris-softmax-regression/train.py';
const faulty = 'examples/faults/softmax-before-cross-entropy/train.py';

describe('descent-lens', () => {
  it('runs in WebAssembly where the native library is missing, and says so', { timeout: 60_000 }, () => {
    const bare = mkdtempSync(join(tmpdir(), 'descent-lens-bare-'));
    mkdirSync(join(bare, 'node_modules'));
    cpSync(join(folder, 'dist'), join(bare, 'dist'), { recursive: true });
    symlinkSync(resolve('media'), join(bare, 'media'));
    for (const name of ['onnxruntime-web', 'onnxruntime-common'])
      symlinkSync(resolve('node_modules', name), join(bare, 'node_modules', name));
    const command = [join(bare, 'dist/cli.js'), 'check', '--format', 'json', faulty];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', cwd: resolve('.') });
    rmSync(bare, { recursive: true });
    expect(stderr).toMatch(/native library could not be loaded.*WebAssembly/);
    expect(status).toBe(1);
    expect(stdout).toContain('softmax-before-cross-entropy');
    expect(stdout).toContain('"status": "measured"');
  });

  it('prints its version and its help', () => {
    expect(run('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = run('--help');
    expect(help.status).toBe(0);
    expect(help.stdout).toContain('descent-lens check FILE...');
  });

  it('exits 0 when nothing is found', () => {
    const { status, stdout } = run('check', healthy, '--static');
    expect(status).toBe(0);
    expect(stdout).toContain('0 errors, 0 warnings in 1 file');
  });

  it('exits 1 on a finding, and measures on request', () => {
    const { status, stdout } = run('check', faulty, '--format', 'json');
    expect(status).toBe(1);
    const unit = (JSON.parse(stdout) as { files: { units: { status: string; findings: { rule: string }[] }[] }[] }).files[0]
      ?.units[0];
    expect(unit?.status).toBe('measured');
    expect(unit?.findings[0]?.rule).toBe('softmax-before-cross-entropy');
  });

  it('exits 2 on a file that is not there, and still reports the others', () => {
    const { status, stdout, stderr } = run('check', 'nothing.py', faulty, '--static');
    expect(status).toBe(2);
    expect(stderr).toContain('nothing.py: no such file');
    expect(stdout).toContain('softmax-before-cross-entropy');
  });

  it('exits 2 on a file that is no UTF-8 text', () => {
    const path = join(folder, 'latin.py');
    writeFileSync(path, Buffer.from([0x23, 0xe9, 0x0a]));
    const { status, stderr } = run('check', path);
    expect(status).toBe(2);
    expect(stderr).toContain('not UTF-8');
  });

  it('exits 2 on a notebook that is none', () => {
    const path = join(folder, 'broken.ipynb');
    writeFileSync(path, '{"cells": 1}');
    const { status, stderr } = run('check', path);
    expect(status).toBe(2);
    expect(stderr).toContain('is not a notebook');
  });

  it('exits 2 on bad usage with the usage on stderr', () => {
    const { status, stderr } = run('check', faulty, '--format', 'xml');
    expect(status).toBe(2);
    expect(stderr).toContain("unknown format 'xml'");
    expect(stderr).toContain('Usage:');
  });

  it('takes a file without a training unit, or with a syntax error, for no bad input', () => {
    const path = join(folder, 'broken.py');
    writeFileSync(path, 'import torch\nmodel = nn.Linear(2,\n');
    const { status, stdout } = run('check', path);
    expect(status).toBe(0);
    expect(stdout).toContain('no training unit');
  });

  it('writes a page and a trace', () => {
    const page = join(folder, 'report.html');
    const trace = join(folder, 'trace.npz');
    expect(run('check', healthy, '--static', '--report', page).status).toBe(0);
    expect(run('trace', healthy, '--steps', '3', '--out', trace).status).toBe(0);
    const inspect = spawnSync(process.execPath, [
      '-e',
      'process.stdout.write(require("fs").readFileSync(process.argv[1]).subarray(0, 2))',
      trace,
    ]);
    expect(inspect.stdout.toString()).toBe('PK');
  });

  it('exits 2 when nothing can be compared with PyTorch', () => {
    const { status, stdout, stderr } = run('compare', healthy, '--python', join(folder, 'no-python'));
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('no Python with PyTorch was found: there is no');
  });

  it.skipIf(!hasTorch)('compares with PyTorch, and exits 1 where the script does something else', () => {
    const agreeing = run('compare', healthy, '--python', python, '--steps', '5', '--format', 'json');
    expect(agreeing.status).toBe(0);
    expect(JSON.parse(agreeing.stdout)).toMatchObject({ version: 1, unit: 'opt', agrees: true, steps: 5, differences: [] });
    const other = join(folder, 'other.py');
    const hidden = "\nsetattr(opt, 'param_groups', [{**group, 'lr': 9.0} for group in opt.param_groups])\n";
    writeFileSync(
      other,
      readFileSync(healthy, 'utf8').replace(/^opt = .*$/m, (line) => line + hidden),
    );
    const { status, stdout } = run('compare', other, '--python', python, '--steps', '5');
    expect(status).toBe(1);
    expect(stdout).toMatch(/differs from PyTorch \S+ from step 1 on \(learning rate/);
  });

  it('honours comments that silence a rule, and the settings that a team shares', () => {
    const project = join(folder, 'project');
    mkdirSync(project);
    const script = readFileSync(faulty, 'utf8').replace(
      '# <- softmax-before-cross-entropy',
      '# descent-lens: ignore[softmax-before-cross-entropy] a demonstration',
    );
    writeFileSync(join(project, 'silenced.py'), script);
    expect(run('check', join(project, 'silenced.py'), '--static').status).toBe(0);
    writeFileSync(join(project, 'loud.py'), readFileSync(faulty, 'utf8'));
    expect(run('check', join(project, 'loud.py'), '--static').status).toBe(1);
    writeFileSync(join(project, 'pyproject.toml'), '[tool.descent-lens.rules]\nsoftmax-before-cross-entropy = "hint"\n');
    const shared = run('check', join(project, 'loud.py'), '--static');
    expect(shared.status).toBe(0);
    expect(shared.stdout).toContain('hint softmax-before-cross-entropy');
    writeFileSync(join(project, 'pyproject.toml'), '[tool.descent-lens]\nspeed = 3\n');
    const wrong = run('check', join(project, 'loud.py'), '--static');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('has no setting speed');
  });

  it('tells of a comment that silences nothing', () => {
    const path = join(folder, 'unused.py');
    writeFileSync(
      path,
      readFileSync(healthy, 'utf8').replace('opt.zero_grad()', 'opt.zero_grad()  # descent-lens: ignore[missing-zero-grad]'),
    );
    expect(run('check', path, '--static').stdout).toContain('ignores missing-zero-grad, which found nothing there');
  });

  it('names the units to choose from', () => {
    const { status, stderr } = run(
      'trace',
      'examples/healthy/two-models/train.py',
      '--steps',
      '1',
      '--out',
      join(folder, 'x.npz'),
    );
    expect(status).toBe(2);
    expect(stderr).toContain('choose one with --unit');
  });
});
