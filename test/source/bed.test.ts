import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectOnDisk, workspaceOf } from '../../src/service/scripts';
import { readScript } from '../../src/source/read';
import { parser } from './reading';

const bed = resolve('test/source/bed');
const entries = readdirSync(bed, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.py'))
  .filter((name) => dirname(dirname(name)) === '.' || /\b(main|train|run)\.py$/.test(name))
  .sort();

describe('scripts in published shapes', () => {
  it.each(entries)('%s gives units with their rate, and reasons that stand in its files', (name) => {
    const path = join(bed, name);
    const texts: Record<string, string> = {};
    const text = readFileSync(path, 'utf8');
    const { experiments, bounded } = readScript(parser, path, text, projectOnDisk(workspaceOf(path, resolve('.')), texts));
    expect(bounded).toBe(false);
    expect(experiments.length).toBeGreaterThan(0);
    for (const { optimizer, unread, model, train } of experiments) {
      expect(optimizer?.learningRate).not.toBeNull();
      // What is not whole says why, and where.
      if (model === null || train === null) expect(unread.length).toBeGreaterThan(0);
      for (const { range } of unread) {
        const lines = (range.path === path ? text : (texts[range.path] ?? '')).split('\n');
        expect(lines[range.line - 1]?.length ?? 0).toBeGreaterThanOrEqual(range.column);
      }
    }
  });
});
