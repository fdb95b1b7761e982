import { expect, it } from 'vitest';
import { choiceOf, defaultNavigation, parseNavigation, withChoice } from '../../webview/navigation';

it('comes back as it was stored', () => {
  const chosen = withChoice({ ...defaultNavigation, logSteps: true, smoothing: 21, range: [3, 90], open: ['passed'] }, 'loss', {
    log: true,
    hidden: ['loss'],
  });
  expect(parseNavigation(JSON.parse(JSON.stringify(chosen)))).toEqual(chosen);
});

it('falls back to its defaults for whatever does not fit', () => {
  for (const stored of [undefined, null, 7, 'x', [], { logSteps: 'yes', smoothing: -1, range: [5, 5], figures: [1], open: {} }]) {
    expect(parseNavigation(stored)).toEqual(defaultNavigation);
  }
  expect(choiceOf(parseNavigation({ figures: { loss: { log: 3, hidden: [1, 'loss'] } } }), 'loss')).toEqual({
    log: null,
    table: false,
    hidden: ['loss'],
    wide: false,
  });
});

it('changes the choices of one figure only', () => {
  const changed = withChoice(withChoice(defaultNavigation, 'loss', { table: true }), 'units', { wide: true });
  expect(choiceOf(changed, 'loss').table).toBe(true);
  expect(choiceOf(changed, 'units')).toEqual({ log: null, table: false, hidden: [], wide: true });
});
