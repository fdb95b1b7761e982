import { describe, expect, it } from 'vitest';
import { formatHtml } from '../../src/service/formats/html';
import { placesOf } from '../../src/service/formats/places';
import { checkFile, testSurroundings } from './surroundings';

describe('a check with a page to be written', () => {
  it('looks at the critical point that a finding names, and shows it', async () => {
    const report = await checkFile('examples/faults/saddle-point/train.py', await testSurroundings(), 'page.html');
    const [unit] = report.units;
    const step = unit?.findings.find(({ rule }) => rule === 'saddle-point')?.evidence.at(-1)?.step;
    const surface = report.surfaces?.get(unit?.name ?? '');
    expect(surface).toMatchObject({ step, status: 'done', nearest: false });
    const page = formatHtml([report], placesOf([report], '.'));
    expect(page).toContain(`The loss surface: Step ${step} of`);
    expect(page).toContain('Top and bottom eigenvector');
  });

  it('looks at nothing when no page is wanted', async () => {
    const report = await checkFile('examples/healthy/xor/train.py', await testSurroundings());
    expect(report.surfaces?.size).toBe(0);
  });
});
