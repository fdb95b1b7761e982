import { element, setText } from '../dom';

/** What a slider stands for. */
export interface SliderOptions {
  readonly label: string;
  /** Ends and step of its position. */
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** The position in words. */
  format(position: number): string;
  onInput(position: number): void;
}

/** A range input with its name and its value, themed by class. */
export interface Slider {
  readonly root: HTMLElement;
  readonly position: number;
  /** Shows a position; `onInput` is not called. */
  set(position: number, ends?: readonly [number, number]): void;
}

let made = 0;

/** Makes a slider; the keyboard moves it as the browser has it. */
export function makeSlider(options: SliderOptions): Slider {
  made++;
  const id = `slider-${made}`;
  const { label, low, high, step, format, onInput } = options;
  const attributes = { type: 'range', id, min: String(low), max: String(high), step: String(step) };
  const input = element('input', { class: 'slider', attributes });
  const value = element('output', { class: 'slider-value', attributes: { for: id } });
  const show = (): void => {
    const words = format(Number(input.value));
    setText(value, words);
    input.setAttribute('aria-valuetext', words);
  };
  input.addEventListener('input', () => {
    show();
    onInput(Number(input.value));
  });
  const root = element('div', { class: 'slider-row' }, [
    element('label', { class: 'slider-label', text: label, attributes: { for: id } }),
    input,
    value,
  ]);
  return {
    root,
    get position() {
      return Number(input.value);
    },
    set: (position, ends) => {
      if (ends) [input.min, input.max] = ends.map(String) as [string, string];
      input.value = String(position);
      show();
    },
  };
}
