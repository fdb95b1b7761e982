import type { InspectedFrame } from '../../src/records/inspection/spectrum';
import type { Theme } from '../colours';
import { element, setShown, setText } from '../dom';
import { groupThousands } from '../format';
import { withCost } from '../inspect/cards';
import { drawingOfPicture } from '../inspect/drawing';
import { framePicture } from '../inspect/runView';
import { makeButton } from '../toolkit';
import { DrawingCard } from './drawingCard';
import { makeSlider } from './slider';

/** Time that a frame stands while playing, in milliseconds. */
const standing = 700;

/** The spectrum along the run, one step at a time: a slider over the steps that have come, and playing. */
export class FramePlayer {
  readonly root: HTMLElement;
  private readonly card: DrawingCard;
  private readonly play = makeButton('Play', 'secondary', () => (this.timer === null ? this.start() : this.pause()));
  private readonly inspect: HTMLElement;
  private readonly coming = element('span', { class: 'player-coming' });
  private readonly slider = makeSlider({
    label: 'Step',
    low: 0,
    high: 0,
    step: 1,
    format: (position) => groupThousands(this.frames[position]?.step ?? 0),
    onInput: (position) => {
      this.pause();
      this.show(position);
      this.say(this.words);
    },
  });
  private frames: readonly InspectedFrame[] = [];
  private theme: Theme | null = null;
  /** What the shown frame says, for those who hear it. */
  private words = '';
  /** Step that is shown; null: the last one. */
  private chosen: number | null = null;
  private readonly stillness = window.matchMedia('(prefers-reduced-motion: reduce)');
  private timer: ReturnType<typeof setInterval> | null = null;

  constructor(
    private readonly say: (words: string) => void,
    onInspect: (step: number) => void,
  ) {
    this.inspect = makeButton('', 'secondary', () => {
      const frame = this.frames[this.slider.position];
      if (frame) onInspect(frame.step);
    });
    const controls = element('div', { class: 'player' }, [this.play, this.slider.root, this.inspect, this.coming]);
    this.card = new DrawingCard('frames', say, { below: controls });
    this.root = this.card.root;
    this.stillness.addEventListener('change', () => this.offerPlay());
  }

  /** Shows the frames that have come, in the order of their steps. */
  update(frames: readonly InspectedFrame[], theme: Theme): void {
    this.frames = [...frames].sort((a, b) => a.step - b.step);
    this.theme = theme;
    const last = this.frames.length - 1;
    const at = this.chosen === null ? last : this.frames.findIndex(({ step }) => step === this.chosen);
    const of = this.frames[0]?.steps.length ?? 0;
    this.slider.set(at < 0 ? last : at, [0, Math.max(0, last)]);
    setText(this.coming, this.frames.length < of ? `${this.frames.length} of ${of} steps so far` : '');
    this.offerPlay();
    this.draw(this.slider.position);
  }

  /** Motion is the person's choice: those who want less of it have the slider. */
  private offerPlay(): void {
    if (this.stillness.matches) this.pause();
    setShown(this.play, this.frames.length > 1 && !this.stillness.matches);
  }

  /** Stops playing: the view is left. */
  pause(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    setText(this.play, 'Play');
  }

  private start(): void {
    const last = this.frames.length - 1;
    if (this.slider.position >= last) this.show(0);
    this.timer = setInterval(() => {
      const next = this.slider.position + 1;
      if (next > this.frames.length - 1 || !this.root.isConnected) this.pause();
      else this.show(next);
    }, standing);
    setText(this.play, 'Pause');
  }

  private show(position: number): void {
    this.chosen = this.frames[position]?.step ?? null;
    this.slider.set(position);
    this.draw(position);
  }

  private draw(position: number): void {
    const frame = this.frames[position];
    if (!frame || !this.theme) return;
    setText(this.inspect, `Inspect step ${groupThousands(frame.step)}`);
    const drawing = withCost(drawingOfPicture(framePicture(frame, this.frames)), frame.cost);
    this.words = drawing.note;
    this.card.show(drawing, this.theme);
  }
}
