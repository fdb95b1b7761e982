import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isGenerated } from '../../src/service/comparison/compare';
import { compare, type Gaps } from '../../src/service/comparison/gaps';
import { initialisationFaults } from '../../src/service/comparison/initial';
import type { Reference } from '../../src/service/comparison/reference';
import { runOfTrace } from '../../src/service/comparison/takenRun';
import { hasTorch } from '../engine/python';
import { exampleUnits, project } from './examples';
import { replayInPyTorch, type Job } from './pytorch';
import { commit, committed, committedNames } from './reference';
import { tableOf } from './table';
import { runOfReference } from './takenRun';
import { exchangedBy, traceUnit, type Trace } from './trace';

/**
 * The example scripts themselves, run by PyTorch on the parameters, rows, batches and masks of our traces, against our runs.
 * The references are committed; `REMAKE_REFERENCES=1 npx vitest run test/faithful` writes them anew where PyTorch is present.
 */
const remake = process.env['REMAKE_REFERENCES'] !== undefined && hasTorch;

/** Examples that can be trained neither in PyTorch nor here. */
const untrainable: Readonly<Record<string, RegExp>> = { 'output-size': /class number 2/ };

/** Steps that are compared, where the script takes as many. */
const mostSteps = 50;

/** Runs that magnify rounding so much that PyTorch's float32 leaves its float64 after these steps. */
const chaotic: Readonly<Record<string, number>> = {
  'batch-too-small': 35,
  'clipped-identity-rnn': 2,
  'exploding-gradient': 1,
  'lr-diverges': 5,
  'rnn-diverges': 2,
  'uncentred-inputs': 23,
};

const units = exampleUnits();
const traced: { readonly name: string; readonly trace: Trace; readonly job: Job }[] = [];
const comparisons = new Map<string, Gaps>();
const folder = mkdtempSync(join(tmpdir(), 'faithful-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
  console.log(tableOf(comparisons));
});

function expectWithinTolerance({ excess, tensor }: Gaps): void {
  expect(excess.rate, 'learning rate, gap over what is allowed').toBeLessThanOrEqual(1);
  expect(excess.loss, 'loss, gap over what is allowed').toBeLessThanOrEqual(1);
  expect(excess.norm, 'gradient norms, gap over what is allowed').toBeLessThanOrEqual(1);
  expect(excess.tensor, `final ${tensor.name}, gap over what is allowed`).toBeLessThanOrEqual(1);
}

/** Our run is PyTorch's, and the script is what we read: names, batches, data, initialisation. */
function expectAgreement(
  name: string,
  { arrays }: Trace,
  reference: Reference,
  differences?: Readonly<Record<string, number>>,
): void {
  const comparison = compare(runOfTrace(arrays, differences), reference);
  comparisons.set(name, comparison);
  expect(arrays.get('loss')?.values.length, 'steps').toBe(reference.steps);
  const { names, batches, x, y } = reference.checks;
  expect({ names, batches }).toEqual({ names: true, batches: true });
  expect(Math.max(x ?? 0, y ?? 0), 'data').toBeLessThan(1e-5);
  expect(initialisationFaults(arrays, reference), 'initialisation').toEqual([]);
  expectWithinTolerance(comparison);
}

describe('a run agrees with that of the script in PyTorch', () => {
  test.each(units.map((unit) => [unit.name, unit] as const))('%s', async (name, unit) => {
    const trace = await traceUnit(unit, chaotic[name] ?? mostSteps);
    const reason = untrainable[name];
    if (reason) {
      expect(trace.ok ? '' : trace.error).toMatch(reason);
      return;
    }
    if (!trace.ok) throw new Error(trace.error);
    const path = join(folder, `${name}.npz`);
    writeFileSync(path, trace.value.bytes);
    traced.push({ name, trace: trace.value, job: { script: unit.path, trace: path, generated: isGenerated(unit.experiment) } });
    if (remake) return;
    const reference = committed(name);
    if (!reference) throw new Error(`There is no reference/${name}.json: make it with REMAKE_REFERENCES=1`);
    expect(exchangedBy(trace.value), 'the reference is stale: make it anew with REMAKE_REFERENCES=1').toEqual(
      reference.exchanged,
    );
    expectAgreement(name, trace.value, reference);
  });

  test('and every reference belongs to an example', () => {
    expect(committedNames().filter((name) => !units.some((unit) => unit.name === name))).toEqual([]);
  });

  test.skipIf(!hasTorch)('and PyTorch makes the references again', { timeout: 180_000 }, () => {
    const replays = replayInPyTorch(
      traced.map(({ job }) => job),
      folder,
    );
    const failures = traced.flatMap(({ name, trace }, k) => {
      const replay = replays[k];
      if (!replay || 'error' in replay) return [`${name}: ${replay?.error ?? 'no answer'}`];
      if (remake) commit(name, replay.reference, exchangedBy(trace));
      try {
        expectAgreement(name, trace, replay.reference, replay.differences);
        expectWithinTolerance(compare(runOfReference(replay.reference), committed(name) ?? replay.reference));
        return [];
      } catch (error) {
        return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
      }
    });
    expect(failures.map((text) => text.replaceAll(project, ''))).toEqual([]);
  });
});

describe('a run that is not the script’s', () => {
  test('is told from it', async () => {
    const reference = committed('digits-adam');
    const unit = units.find(({ name }) => name === 'digits-adam');
    if (!reference || !unit) throw new Error('digits-adam is missing');
    const { optimizer } = unit.experiment;
    if (!optimizer) throw new Error('digits-adam has no optimizer');
    const rate = { ...optimizer.learningRate, value: optimizer.learningRate.value * 1.001 };
    const trace = await traceUnit(
      { ...unit, experiment: { ...unit.experiment, optimizer: { ...optimizer, learningRate: rate } } },
      mostSteps,
    );
    if (!trace.ok) throw new Error(trace.error);
    const { excess } = compare(runOfTrace(trace.value.arrays), reference);
    for (const value of [excess.rate, excess.tensor, excess.loss]) expect(value).toBeGreaterThan(1);
  });
});
