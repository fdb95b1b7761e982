import type { Theme } from '../colours';
import { element, setText } from '../dom';
import { formatNumber, groupThousands } from '../format';
import { extentOf, limitOf, type PlayChoice } from '../play/choices';
import type { PlayedOptimizer, PlaySettings } from '../play/optimizers';
import { describeWay, lookOf, optimizerNames } from '../play/playDrawings';
import type { Problem, Way } from '../play/problem';
import { makeButton, makeCheckbox } from '../toolkit';
import { makeSlider, type Slider } from './slider';
import { fillSwatches } from './swatches';

/** What the controls ask for. */
export interface PlayListener {
  change(choice: PlayChoice): void;
  show(optimizer: PlayedOptimizer, shown: boolean): void;
  /** All settings of this problem as they were first. */
  reset(): void;
}

const optimizers: readonly PlayedOptimizer[] = ['gd', 'momentum', 'rmsprop', 'adam'];
type SettingName = 'rate' | 'momentum' | 'averaging';
const settingsOf: Readonly<Record<PlayedOptimizer, readonly SettingName[]>> = {
  gd: ['rate'],
  momentum: ['rate', 'momentum'],
  rmsprop: ['rate', 'averaging'],
  adam: ['rate', 'momentum', 'averaging'],
};

/** How a setting is named, and how it lies on its slider: rates and averages by the logarithm. */
const names: Readonly<Record<PlayedOptimizer, Readonly<Record<SettingName, string>>>> = {
  gd: { rate: 'rate η', momentum: '', averaging: '' },
  momentum: { rate: 'rate η', momentum: 'momentum μ', averaging: '' },
  rmsprop: { rate: 'rate η', momentum: '', averaging: 'average α' },
  adam: { rate: 'rate η', momentum: 'average β₁', averaging: 'average β₂' },
};
const positionOf = (name: SettingName, value: number): number =>
  name === 'rate' ? Math.log10(value) : name === 'averaging' ? -Math.log10(1 - value) : value;
const valueOf = (name: SettingName, position: number): number =>
  name === 'rate' ? 10 ** position : name === 'averaging' ? 1 - 10 ** -position : position;
const wordsOf = (name: SettingName, position: number): string =>
  name === 'averaging' ? valueOf(name, position).toFixed(position > 2 ? 4 : 3) : formatNumber(valueOf(name, position));
const ends: Readonly<Record<Exclude<SettingName, 'rate'>, readonly [number, number, number]>> = {
  momentum: [0, 0.99, 0.01],
  averaging: [0, 4, 0.05],
};

interface Row {
  readonly optimizer: PlayedOptimizer;
  readonly sliders: ReadonlyMap<SettingName, Slider>;
  readonly result: HTMLElement;
  readonly limit: HTMLElement;
  readonly swatch: HTMLElement;
}

/** The settings of the optimizers under sliders, with how each one ends. */
export class PlayControls {
  readonly root: HTMLElement;
  private readonly rows: readonly Row[];
  private readonly steps: Slider;
  private choice: PlayChoice | null = null;

  constructor(private readonly listener: PlayListener) {
    this.rows = optimizers.map((optimizer) => this.makeRow(optimizer));
    this.steps = makeSlider({
      label: 'steps',
      low: 5,
      high: 300,
      step: 5,
      format: groupThousands,
      onInput: (steps) => this.choice && this.listener.change({ ...this.choice, steps }),
    });
    const boxes = this.rows.map(({ optimizer, sliders, result, limit, swatch }) => {
      const box = makeCheckbox(optimizerNames[optimizer], true, (shown) => listener.show(optimizer, shown));
      const head = element('div', { class: 'play-head' }, [swatch, box, result]);
      return element('div', { class: 'play-optimizer', attributes: { role: 'group', 'aria-label': optimizerNames[optimizer] } }, [
        head,
        ...[...sliders.values()].map((slider) => slider.root),
        limit,
      ]);
    });
    const foot = element('div', { class: 'play-foot' }, [
      this.steps.root,
      makeButton('Reset', 'secondary', () => listener.reset()),
    ]);
    this.root = element(
      'section',
      { class: 'figure play-controls', attributes: { 'aria-label': 'Settings of the optimizers' } },
      [element('h3', { class: 'figure-title', text: 'Settings' }), element('div', { class: 'play-optimizers' }, boxes), foot],
    );
  }

  /** Shows what is set for a problem; the sliders' ends follow it. */
  setProblem(problem: Problem, choice: PlayChoice): void {
    this.choice = choice;
    this.steps.set(choice.steps);
    const limit = limitOf(problem);
    const middle = Math.log10(limit ?? extentOf(problem) / 10);
    for (const { optimizer, sliders, limit: line } of this.rows) {
      const settings: Readonly<Partial<Record<SettingName, number>>> = choice.settings[optimizer];
      for (const [name, slider] of sliders) {
        const position = positionOf(name, settings[name] ?? 0);
        if (name !== 'rate') slider.set(position);
        else {
          const isScaled = optimizer === 'rmsprop' || optimizer === 'adam';
          const [low, high] = isScaled
            ? [Math.log10(extentOf(problem)) - 4, Math.log10(extentOf(problem))]
            : [middle - 3, middle + 0.7];
          slider.set(position, [Math.min(low, position - 0.5), Math.max(high, position + 0.5)]);
        }
      }
      setText(line, limitText(optimizer, limit, choice.settings));
    }
  }

  /** Shows how each optimizer ended, and which are drawn. */
  setResults(ways: readonly Way[], theme: Theme): void {
    for (const { optimizer, result, swatch } of this.rows) {
      const way = ways.find((other) => other.optimizer === optimizer);
      setText(result, way ? describeWay(way) : 'not shown');
      const { hue, dash } = lookOf(optimizer);
      const place = ways.findIndex((other) => other.optimizer === optimizer);
      fillSwatches(swatch, [{ label: '', hue, dash }], theme, Math.max(0, place));
    }
  }

  private makeRow(optimizer: PlayedOptimizer): Row {
    const sliders = new Map<SettingName, Slider>();
    for (const name of settingsOf[optimizer]) {
      const [low, high, step] = name === 'rate' ? [-6, 2, 0.01] : ends[name];
      const slider = makeSlider({
        label: names[optimizer][name],
        low,
        high,
        step,
        format: (position) => wordsOf(name, position),
        onInput: (position) => this.change(optimizer, name, valueOf(name, position)),
      });
      sliders.set(name, slider);
    }
    return {
      optimizer,
      sliders,
      result: element('span', { class: 'play-result' }),
      limit: element('p', { class: 'play-limit' }),
      swatch: element('span', { class: 'play-swatch' }),
    };
  }

  private change(optimizer: PlayedOptimizer, name: SettingName, value: number): void {
    if (!this.choice) return;
    const { settings } = this.choice;
    this.choice = { ...this.choice, settings: { ...settings, [optimizer]: { ...settings[optimizer], [name]: value } } };
    this.listener.change(this.choice);
  }
}

/** The rate beyond which it is unstable at the point, where a formula tells: 2/λ, with momentum 2(1+μ)/λ. */
function limitText(optimizer: PlayedOptimizer, limit: number | null, settings: PlaySettings): string {
  if (optimizer === 'rmsprop' || optimizer === 'adam') return '';
  if (limit === null) return 'no limit: the loss does not curve upwards here';
  return `limit here ${formatNumber(optimizer === 'gd' ? limit : limit * (1 + settings.momentum.momentum))}`;
}
