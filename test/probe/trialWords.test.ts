import { expect, it } from 'vitest';
import { editVariant, momentumVariant, request } from '../../src/diagnosis/trials';
import { trialWords } from '../../src/probe/trialWords';

it('says what is tried without the key that the trial is kept under', () => {
  expect(trialWords(request(editVariant('missing-zero-grad', []), 0).key)).toBe('a fix for missing-zero-grad');
  expect(trialWords(request(editVariant('init-scale', [], '4:7+5:7'), 1).key)).toBe('a fix for init-scale on another seed');
  expect(trialWords(request(momentumVariant(0.9), 0).key)).toMatch(/^momentum = 0\.9$/);
  expect(trialWords(request({ label: 'unchanged', changes: [] }, 1).key)).toBe('the script as it stands on another seed');
});
