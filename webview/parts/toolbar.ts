import { element, setShown, setText } from '../dom';
import { groupThousands } from '../format';
import type { Navigation, Smoothing } from '../navigation';
import { makeButton, makeCheckbox, makeSelect } from '../toolkit';

/** Choices that hold for all figures. */
export interface Toolbar {
  readonly root: HTMLElement;
  update(navigation: Navigation): void;
}

const smoothings: readonly { readonly value: string; readonly text: string }[] = [
  { value: 'auto', text: 'Smoothing: auto' },
  { value: '1', text: 'Smoothing: off' },
  { value: '5', text: 'Smoothing: 5 steps' },
  { value: '21', text: 'Smoothing: 21 steps' },
  { value: '101', text: 'Smoothing: 101 steps' },
];

/** `onChange` gets what was changed. */
export function makeToolbar(navigation: Navigation, onChange: (change: Partial<Navigation>) => void): Toolbar {
  const logSteps = makeCheckbox('Log steps', navigation.logSteps, (checked) => onChange({ logSteps: checked }));
  const smoothing = makeSelect('Smoothing of noisy lines', smoothings, String(navigation.smoothing), (value) =>
    onChange({ smoothing: parseSmoothing(value) }),
  );
  const whole = makeButton('Whole run', 'secondary', () => onChange({ range: null }));
  const range = element('span', { class: 'toolbar-range' });
  const chosen = element('span', { class: 'toolbar-chosen' }, [range, whole]);
  const update = (next: Navigation): void => {
    setShown(chosen, next.range !== null);
    setText(range, next.range ? `Steps ${groupThousands(next.range[0])} – ${groupThousands(next.range[1])}` : '');
  };
  update(navigation);
  const root = element('div', { class: 'toolbar', attributes: { role: 'group', 'aria-label': 'All charts' } }, [
    logSteps,
    smoothing,
    chosen,
  ]);
  return { root, update };
}

function parseSmoothing(value: string): Smoothing {
  return value === 'auto' ? 'auto' : Number(value);
}
