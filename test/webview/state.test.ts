import { describe, expect, it } from 'vitest';
import type { PanelState, ToPanel } from '../../src/protocol/panel';
import { emptyModel, receive, type PanelModel } from '../../webview/state';
import { messagesOf } from './harness/streams';

const unit = { path: 'train.py', name: 'optimizer', framework: 'PyTorch', optimizer: 'SGD' };
const state = (change: Partial<PanelState> = {}): PanelState => ({
  unit,
  phase: 'training',
  fraction: 0,
  text: '',
  report: null,
  stale: false,
  trust: '',
  ...change,
});
const snapshot = (sequence: number, change: Partial<PanelState> = {}): ToPanel => ({
  kind: 'snapshot',
  state: state(change),
  sequence,
  columns: sequence < 0 ? [] : [{ quantity: 'loss', steps: Float64Array.of(0, 1), values: Float64Array.of(2, 1) }],
});
const batch = (sequence: number, step: number): ToPanel => ({
  kind: 'measurements',
  batch: { sequence, columns: [{ quantity: 'loss', steps: Float64Array.of(step), values: Float64Array.of(0.5) }] },
});

function feed(messages: readonly ToPanel[]): { model: PanelModel; asked: number } {
  let model = emptyModel;
  let asked = 0;
  for (const message of messages) {
    const received = receive(model, message);
    model = received.model;
    if (received.reply?.kind === 'ready') asked++;
  }
  return { model, asked };
}

const steps = (model: PanelModel): number[] => [...(model.columns.get('loss')?.steps ?? [])];

describe('messages of the host', () => {
  it('appends batches that follow each other', () => {
    const { model, asked } = feed([snapshot(4), batch(5, 2), batch(6, 3)]);
    expect(steps(model)).toEqual([0, 1, 2, 3]);
    expect([model.sequence, asked]).toEqual([6, 0]);
  });

  it('starts a run from nothing', () => {
    expect(steps(feed([snapshot(-1), batch(0, 0), batch(1, 1)]).model)).toEqual([0, 1]);
  });

  it('asks once for a snapshot after a gap, and drops batches until it comes', () => {
    const gap = feed([snapshot(4), batch(7, 9), batch(8, 10)]);
    expect(gap.asked).toBe(1);
    expect(steps(gap.model)).toEqual([0, 1]);
    const mended = feed([snapshot(4), batch(7, 9), snapshot(8), batch(9, 2)]);
    expect(steps(mended.model)).toEqual([0, 1, 2]);
    expect(mended.model.waiting).toBe(false);
  });

  it('takes no batch twice', () => {
    const { model, asked } = feed([snapshot(4), batch(5, 2), batch(5, 2), batch(3, 0)]);
    expect(steps(model)).toEqual([0, 1, 2]);
    expect(asked).toBe(0);
  });

  it('asks for a snapshot when the numbers start again: another run', () => {
    expect(feed([snapshot(4), batch(0, 0)]).asked).toBe(1);
  });

  it('keeps the columns when only the state changes', () => {
    const { model } = feed([snapshot(4), { kind: 'state', state: state({ phase: 'done' }) }]);
    expect(model.state?.phase).toBe('done');
    expect(steps(model)).toEqual([0, 1]);
  });

  it('drops the columns of another unit and asks for its own', () => {
    const { model, asked } = feed([snapshot(4), { kind: 'state', state: state({ unit: { ...unit, name: 'second' } }) }]);
    expect(model.columns.size).toBe(0);
    expect([asked, model.waiting]).toEqual([1, true]);
  });

  it('drops batches before the first snapshot', () => {
    const { model, asked } = feed([batch(0, 0)]);
    expect([model.columns.size, asked]).toEqual([0, 0]);
  });

  it('ends with every step of a streamed run, in order', () => {
    const { model, asked } = feed(messagesOf('running'));
    expect(steps(model)).toEqual(Array.from({ length: 264 }, (_, step) => step));
    expect(asked).toBe(0);
  });
});

describe('news of an inspection', () => {
  const start = { kind: 'start', step: 7, nearest: false } as const;

  it('gather until another start, and end with the unit', () => {
    const { model } = feed([snapshot(0), { kind: 'inspection', news: start }]);
    expect(model.inspection).toMatchObject({ step: 7, status: 'running' });
    const other = feed([
      snapshot(0),
      { kind: 'inspection', news: start },
      { kind: 'state', state: state({ unit: { ...unit, name: 'other' } }) },
    ]);
    expect(other.model.inspection).toBeNull();
  });

  it('come with a snapshot, and none with one that has none', () => {
    const told: ToPanel = { ...(snapshot(0) as Extract<ToPanel, { kind: 'snapshot' }>), inspection: [start] };
    expect(feed([told]).model.inspection).toMatchObject({ step: 7 });
    expect(feed([told, snapshot(0)]).model.inspection).toBeNull();
  });

  it('are dropped while a snapshot is on its way, which contains them', () => {
    expect(feed([{ kind: 'inspection', news: start }]).model.inspection).toBeNull();
  });
});
