import type { InspectedPoint, InspectedTensor } from '../../src/records/inspection/point';
import { element, setShown } from '../dom';
import { makeButton, makeSelect } from '../toolkit';

interface Entry {
  readonly root: HTMLElement;
  /** Index into the flat vector; null while what is written names no entry. */
  index(): number | null;
}

/** The choice of two parameters whose loss is to be drawn, the others held: each a tensor and an entry of it. */
export class PairChoice {
  readonly root = element('div', {
    class: 'pair',
    attributes: { role: 'group', 'aria-label': 'Two parameters to draw the loss over' },
  });
  private tensors: readonly InspectedTensor[] = [];
  private entries: readonly [Entry, Entry] | null = null;
  private readonly draw: HTMLElement;

  constructor(onDraw: (pair: readonly [number, number]) => void) {
    this.draw = makeButton('Draw these two', 'secondary', () => {
      const [first, second] = this.entries?.map((entry) => entry.index()) ?? [];
      if (typeof first === 'number' && typeof second === 'number' && first !== second) onDraw([first, second]);
    });
  }

  /** Offers the parameters of a point; models of one or two are drawn whole and need no choice. */
  update(point: InspectedPoint, canAsk: boolean): void {
    setShown(this.root, point.parameters > 2);
    this.draw.toggleAttribute('disabled', !canAsk);
    if (this.tensors.map(({ name }) => name).join() === point.tensors.map(({ name }) => name).join() && this.entries) return;
    this.tensors = point.tensors;
    const last = Math.max(0, this.tensors.length - 1);
    this.entries = [
      this.entry('First parameter', 0, Math.floor((this.tensors[0]?.length ?? 1) / 2)),
      this.entry('Second parameter', last, last === 0 ? 1 : 0),
    ];
    const words = element('span', { class: 'pair-words', text: 'Two parameters, all others held:' });
    this.root.replaceChildren(words, ...this.entries.map((entry) => entry.root), this.draw);
  }

  private entry(label: string, first: number, entry: number): Entry {
    let tensor = this.tensors[first];
    const number = element('input', {
      class: 'pair-number',
      attributes: { type: 'number', min: '0', value: String(entry), 'aria-label': `${label}, entry` },
    });
    const bound = (): void => number.setAttribute('max', String(Math.max(0, (tensor?.length ?? 1) - 1)));
    bound();
    const options = this.tensors.map(({ name, shape }, i) => ({ value: String(i), text: `${name} [${shape.join(', ')}]` }));
    const select = makeSelect(label, options, String(first), (value) => {
      tensor = this.tensors[Number(value)];
      number.value = '0';
      bound();
    });
    return {
      root: element('span', { class: 'pair-entry' }, [select, number]),
      index: () => {
        const at = Number(number.value);
        return tensor && Number.isInteger(at) && at >= 0 && at < tensor.length ? tensor.offset + at : null;
      },
    };
  }
}
