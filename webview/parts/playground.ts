import type { InspectionPart } from '../../src/records/inspection/part';
import type { InspectedPoint } from '../../src/records/inspection/point';
import type { Theme } from '../colours';
import { element, setShown } from '../dom';
import { drawingOfPicture } from '../inspect/drawing';
import { defaultChoice, problemsOf, type PlayChoice } from '../play/choices';
import type { PlayedOptimizer } from '../play/optimizers';
import { describeWay, lossesPicture, optimizerNames, planDrawing, reliefDrawing } from '../play/playDrawings';
import { descend, type Problem, type ProblemKind, type Way } from '../play/problem';
import { makeButton } from '../toolkit';
import { DrawingCard } from './drawingCard';
import { PairChoice } from './pairChoice';
import { PlayControls } from './playControls';
import { makeSlider } from './slider';

const optimizers: readonly PlayedOptimizer[] = ['gd', 'momentum', 'rmsprop', 'adam'];
const kindNames: Readonly<Record<ProblemKind, string>> = {
  parameters: 'parameters',
  quadratic: 'quadratic',
  eigenvectors: 'eigenvectors',
  trajectory: 'run',
};

/** Gradient descent, momentum, RMSprop and Adam side by side on a problem of one or two numbers, with their settings under sliders. */
export class Playground {
  readonly root: HTMLElement;
  private readonly plan: DrawingCard;
  private readonly relief: DrawingCard;
  private readonly losses: DrawingCard;
  private readonly controls: PlayControls;
  private readonly pair: PairChoice;
  private readonly kinds = element('div', { class: 'plane-choice', attributes: { role: 'group', 'aria-label': 'Problem' } });
  private readonly buttons = new Map<ProblemKind, HTMLElement>();
  private readonly turn = makeSlider({
    label: 'Turn',
    low: -180,
    high: 180,
    step: 5,
    format: (position) => `${String(position).replace('-', '−')}°`,
    onInput: () => this.redraw(),
  });
  private problems: readonly Problem[] = [];
  private parts: readonly unknown[] = [];
  private point: InspectedPoint | null = null;
  private kind: ProblemKind | null = null;
  private choices = new Map<ProblemKind, PlayChoice>();
  private readonly hidden = new Set<PlayedOptimizer>();
  private theme: Theme | null = null;
  private asked = false;
  /** How each way ended when it was last drawn: what a person changes is said. */
  private ends = new Map<PlayedOptimizer, string>();

  constructor(
    private readonly say: (words: string) => void,
    drawPair: (pair: readonly [number, number]) => void,
  ) {
    this.plan = new DrawingCard('play-plan', say, {
      tools: [this.kinds],
      onPick: ([column, row]) => {
        const problem = this.problem();
        if (!problem) return;
        const { xs, ys } = problem.surface;
        this.choose(problem, { ...this.choiceOf(problem), start: [xs[column] as number, ys[row] as number] });
      },
    });
    this.turn.set(35);
    this.relief = new DrawingCard('play-relief', say, { below: element('div', { class: 'player' }, [this.turn.root]) });
    this.losses = new DrawingCard('play-losses', say);
    this.controls = new PlayControls({
      change: (choice) => {
        const problem = this.problem();
        if (problem) this.choose(problem, choice);
      },
      show: (optimizer, shown) => {
        if (shown) this.hidden.delete(optimizer);
        else this.hidden.add(optimizer);
        this.redraw();
      },
      reset: () => {
        const problem = this.problem();
        if (problem) this.choices.delete(problem.kind);
        this.redraw();
      },
    });
    this.pair = new PairChoice((pair) => {
      this.kind = 'parameters';
      drawPair(pair);
    });
    this.root = element('div', { class: 'playground' }, [
      this.pair.root,
      this.plan.root,
      this.relief.root,
      this.losses.root,
      this.controls.root,
    ]);
  }

  /** Offers the problems of an inspection; false when there is none yet. */
  update(parts: ReadonlyMap<string, InspectionPart>, point: InspectedPoint, theme: Theme, canAsk: boolean): boolean {
    this.pair.update(point, canAsk);
    const from = ['surface parameters', 'surface eigenvectors', 'surface trajectory', 'slice top', 'slice bottom'].map((key) =>
      parts.get(key),
    );
    const same = from.every((part, i) => part === this.parts[i]) && theme === this.theme;
    if (same && this.problems.length > 0) return true;
    // Another point is another problem: what was set for the last one does not fit it.
    if (point !== this.point) this.choices = new Map();
    [this.parts, this.point, this.theme] = [from, point, theme];
    this.problems = problemsOf(parts);
    this.offer();
    this.draw();
    return this.problems.length > 0;
  }

  private problem(): Problem | null {
    return this.problems.find(({ kind }) => kind === this.kind) ?? this.problems[0] ?? null;
  }

  private choiceOf(problem: Problem): PlayChoice {
    return this.choices.get(problem.kind) ?? defaultChoice(problem, this.point as InspectedPoint);
  }

  private choose(problem: Problem, choice: PlayChoice): void {
    this.choices.set(problem.kind, choice);
    this.redraw();
  }

  /** Buttons for the problems, of which one is pressed. */
  private offer(): void {
    for (const { kind, title } of this.problems) {
      if (this.buttons.has(kind)) continue;
      const button = makeButton(kindNames[kind], 'icon', () => {
        this.kind = kind;
        this.redraw();
      });
      button.setAttribute('title', title);
      this.buttons.set(kind, button);
      this.kinds.append(button);
    }
    for (const [kind, button] of this.buttons)
      setShown(
        button,
        this.problems.some((problem) => problem.kind === kind),
      );
  }

  /** In the next frame, once however often it is asked for: what a slider passes on its way is not drawn. */
  private redraw(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      const before = this.ends;
      this.draw();
      this.sayChanges(before);
    });
  }

  private draw(): void {
    const [problem, theme] = [this.problem(), this.theme];
    if (!problem || !theme) return;
    for (const [kind, button] of this.buttons) button.setAttribute('aria-pressed', String(kind === problem.kind));
    const choice = this.choiceOf(problem);
    const ways = optimizers
      .filter((optimizer) => !this.hidden.has(optimizer))
      .map((optimizer): Way => descend(problem, optimizer, choice.settings, choice.start ?? problem.start, choice.steps));
    this.controls.setProblem(problem, choice);
    this.controls.setResults(ways, theme);
    this.plan.show(planDrawing(problem, ways), theme);
    const isPlane = problem.surface.ys.length > 1;
    setShown(this.relief.root, isPlane);
    this.root.classList.toggle('playground-flat', !isPlane);
    setShown(this.kinds, this.problems.length > 1);
    if (isPlane) this.relief.show(reliefDrawing(problem, ways, this.turn.position), theme);
    this.losses.show(drawingOfPicture(lossesPicture(ways)), theme);
    this.ends = new Map(ways.map((way) => [way.optimizer, describeWay(way)]));
  }

  /** Tells those who do not see it which ways end otherwise than before. */
  private sayChanges(before: ReadonlyMap<PlayedOptimizer, string>): void {
    const changed = [...this.ends].filter(([optimizer, words]) => before.get(optimizer) !== words);
    if (changed.length > 0) this.say(changed.map(([optimizer, words]) => `${optimizerNames[optimizer]}: ${words}`).join('; '));
  }
}
