import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CancelSource, never } from '../../../src/base/cancel';
import { inspect } from '../../../src/probe/inspect/inspect';
import { UnitBench, type BenchedUnit } from '../../../src/probe/inspect/unitBench';
import type { Surroundings } from '../../../src/probe/session';
import type { InspectEvent, InspectParameters } from '../../../src/protocol/inspection';
import { openScript } from '../../../src/service/scripts';
import { readScript } from '../../../src/source/read';
import { testSurroundings } from '../../service/surroundings';

describe('the bench', () => {
  let surroundings: Surroundings;
  let parameters: InspectParameters;
  beforeAll(async () => {
    surroundings = await testSurroundings();
    const script = openScript('examples/healthy/xor/train.py', resolve('.'));
    if (!script.ok) throw new Error(script.error);
    const { path, text } = script.value;
    const { experiments } = readScript(surroundings.parser, path, text, { folders: [], read: () => null });
    const experiment = experiments[0];
    if (!experiment) throw new Error('no unit');
    const options = { folders: [], budgetSeconds: null, off: [] };
    parameters = { experiment, texts: { [path]: text }, options, step: 20, nearest: false };
  });

  it('answers for a script, and again with the unit that stands ready', async () => {
    const bench = new UnitBench();
    const events: InspectEvent[] = [];
    const result = await inspect(parameters, surroundings, bench, (event) => void events.push(event), never);
    expect(result).toMatchObject({ status: 'done', reason: null });
    expect(events.some((event) => event.kind === 'part' && event.part.part === 'verdict')).toBe(true);
    const seen: BenchedUnit[] = [];
    const note = async (unit: BenchedUnit): Promise<void> => void seen.push(unit);
    await bench.use(parameters, surroundings, never, note);
    await bench.use({ ...parameters, step: 3 }, surroundings, never, note);
    const options = { ...parameters.options, seed: 9 };
    await bench.use({ ...parameters, options }, surroundings, never, note);
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).not.toBe(seen[0]);
    bench.dispose();
  });

  it('lets looks take turns, and drops those that are cancelled while they wait', async () => {
    const bench = new UnitBench();
    const order: string[] = [];
    const source = new CancelSource();
    const work = (name: string) => async (): Promise<void> => {
      order.push(`${name} begins`);
      await Promise.resolve();
      order.push(`${name} ends`);
    };
    const all = [
      bench.use(parameters, surroundings, never, work('one')),
      bench.use(parameters, surroundings, source.token, work('two')),
      bench.use(parameters, surroundings, never, work('three')),
    ];
    source.cancel();
    await Promise.all(all);
    expect(order).toEqual(['one begins', 'one ends', 'three begins', 'three ends']);
    bench.dispose();
  });

  it('says why a unit that could not be read is not looked at', async () => {
    const reason = { text: 'The model is built by something unknown.', range: parameters.experiment.unit.range };
    const unread = { ...parameters, experiment: { ...parameters.experiment, unread: [reason] } };
    const result = await inspect(unread, surroundings, new UnitBench(), () => undefined, never);
    expect(result).toMatchObject({ status: 'unavailable', reason: reason.text });
  });
});
