import type { Schedule } from '../../records/optimizer';
import { lagging } from './ticking';
import type { Rates, Scheduler } from './scheduler';
import { schedulers } from './schedulers';

/** The state of all schedules, to be kept and put back. */
export interface RatesState extends Rates {
  readonly counters: readonly unknown[];
  /** Base rates of the run it was taken of. */
  readonly base: readonly number[];
}

/**
 * The learning rates of a run: the script's schedules, made in order on one optimizer as PyTorch
 * makes them (each acts on what the others left), and stepped when the script steps them.
 */
export class RateSchedule {
  private readonly parts: readonly { readonly schedule: Schedule; readonly scheduler: Scheduler }[];
  private current: Rates;
  /** What was saved last. */
  private fixed: RatesState | null = null;

  /** `scale(per)`: length of this run over the script's, in the ticks of that schedule. */
  constructor(
    schedules: readonly Schedule[],
    private readonly base: readonly number[],
    scale: (per: Schedule['per']) => number,
  ) {
    this.current = { rates: [...base], momentum: null };
    this.parts = schedules.map((schedule) => {
      const made = lagging(schedulers(schedule.rule, base, scale(schedule.per)), schedule.lag ?? 0);
      this.current = made.begin(this.current);
      return { schedule, scheduler: made };
    });
  }

  /** Rates and momentum of the coming step. */
  get now(): Rates {
    return this.current;
  }

  /** Rates of the coming step. */
  get rates(): readonly number[] {
    return this.current.rates;
  }

  /** Whether no tick changes anything. */
  get isConstant(): boolean {
    return this.parts.length === 0;
  }

  get momentum(): number | null {
    return this.current.momentum;
  }

  /** What a schedule that waits for a plateau looks at each time it is stepped; null when there is none. */
  get watches(): 'training' | 'lastBatch' | 'validation' | null {
    for (const { schedule } of this.parts)
      if (schedule.rule.kind === 'reduceOnPlateau' && schedule.stepCall !== null) return schedule.rule.of;
    return null;
  }

  /** Whether that is the loss or the accuracy. */
  get watchedMeasure(): 'loss' | 'accuracy' {
    for (const { schedule } of this.parts) if (schedule.rule.kind === 'reduceOnPlateau') return schedule.rule.measure ?? 'loss';
    return 'loss';
  }

  /** Steps the schedules that the script steps at the end of each `per`. `metric`: the loss for a plateau. */
  tick(per: Schedule['per'], metric: number): void {
    for (const { schedule, scheduler } of this.parts)
      if (schedule.per === per && schedule.stepCall !== null) this.current = scheduler.step(this.current, metric);
  }

  save(): RatesState {
    // Without schedules there is one state, and it is asked for at every call of the library.
    if (this.parts.length === 0 && this.fixed !== null) return this.fixed;
    this.fixed = { ...this.current, counters: this.parts.map(({ scheduler }) => scheduler.save()), base: this.base };
    return this.fixed;
  }

  /** Goes on from `state`; one of a run with other base rates counts in proportion. */
  load({ rates, momentum, counters, base }: RatesState): void {
    this.fixed = null;
    const proportion = (group: number): number => (base[group] ? (this.base[group] ?? 0) / base[group] : 1);
    this.current = { rates: rates.map((rate, group) => rate * proportion(group)), momentum };
    this.parts.forEach(({ scheduler }, i) => scheduler.load(counters[i]));
  }
}
