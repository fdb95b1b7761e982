import { describe, expect, it } from 'vitest';
import { newsOf, withNews, type InspectionLog, type InspectionNews } from '../../src/protocol/inspection';
import type { InspectedConvexity } from '../../src/records/inspection/minima';
import type { InspectionPart } from '../../src/records/inspection/part';

const cost = { applications: 0, evaluations: 0, milliseconds: 1 };
const convexity = (text: string): InspectedConvexity => ({ part: 'convexity', kind: 'undecided', text, chord: null, cost });
const part = (value: InspectionPart): InspectionNews => ({ kind: 'part', part: value });
const read = (news: readonly InspectionNews[]): InspectionLog | null => news.reduce<InspectionLog | null>(withNews, null);

describe('inspection log', () => {
  it('lets a part take the place of an earlier one of its kind', () => {
    const log = read([{ kind: 'start', step: 3, nearest: false }, part(convexity('one')), part(convexity('two'))]);
    expect([...(log?.parts.values() ?? [])]).toEqual([convexity('two')]);
  });

  it('begins anew with each start, and hears nothing before the first', () => {
    expect(read([part(convexity('lost'))])).toBeNull();
    const log = read([
      { kind: 'start', step: 3, nearest: false },
      part(convexity('old')),
      { kind: 'start', step: 9, nearest: true },
    ]);
    expect(log).toMatchObject({ step: 9, nearest: true, status: 'running' });
    expect(log?.parts.size).toBe(0);
  });

  it('is the same when it is told again in its shortest form', () => {
    const news: InspectionNews[] = [
      { kind: 'start', step: 3, nearest: false },
      { kind: 'progress', fraction: 0.5, text: 'half' },
      part(convexity('one')),
      part(convexity('two')),
    ];
    expect(read(newsOf(read(news)))).toEqual(read(news));
    const ended = read([...news, { kind: 'end', status: 'done', text: '' }]);
    expect(read(newsOf(ended))).toEqual(ended);
    expect(newsOf(null)).toEqual([]);
  });
});
