import type { CancelToken } from '../base/cancel';
import type { Experiment, Partner } from '../records/experiment';
import type { TrainingRun } from './run';
import type { Company } from './runState';
import { parameterPort, type TwinSetup } from './setup';
import type { RunSnapshot } from './twin';

/** A partner with its run. */
export interface Member {
  readonly partner: Partner;
  readonly setup: TwinSetup;
  readonly run: TrainingRun;
}

/** A partner as a unit of its own on the same data. */
export const asExperiment = (experiment: Experiment, { model, optimizer, schedules, loop }: Partner): Experiment => ({
  ...experiment,
  model,
  optimizer,
  schedules,
  loop,
  partners: [],
});

/** Where a parameter lives that one run trains, and where another run reads it. */
interface Tie {
  readonly from: Float32Array;
  readonly to: Float32Array;
}

/** A run's partners: they train in turns with it, and each sees the others' parameters as they then are. */
export class Partners implements Company {
  private readonly ties: readonly Tie[];
  private readonly own: Pick<Member, 'setup' | 'run'>;

  constructor(
    own: { readonly setup: TwinSetup; readonly run: TrainingRun },
    private readonly members: readonly Member[],
  ) {
    this.own = own;
    const own0 = { ...own, numbers: own.setup.model.parameters.map((_, index) => index) };
    this.ties = tiesOf([own0, ...members.map(({ setup, run, partner }) => ({ setup, run, numbers: partner.parameters }))]);
    this.share();
  }

  async before(step: number, cancel: CancelToken): Promise<void> {
    for (const { partner, run } of this.members) {
      const passes = this.countsPasses(partner);
      if (passes) await this.advanceTo(run, this.own.run.passOf(step) - (partner.order === 'after' ? 1 : 0), cancel);
      if (passes || partner.order === 'after' || step % partner.own !== 0) continue;
      await run.advance(partner.steps, cancel);
      if (partner.order === 'before') this.share();
    }
  }

  /** One of the two lets passes of the loop go by: who has stepped when follows from their numbers. */
  private countsPasses({ loop }: Partner): boolean {
    const own = this.own.setup.loop;
    return own.takenEvery !== loop.takenEvery || own.takenFrom !== loop.takenFrom;
  }

  /** Takes a partner's steps up to those of the pass numbered `pass`, and with them. */
  private async advanceTo(run: TrainingRun, pass: number, cancel: CancelToken): Promise<void> {
    while (run.passOf(run.step) <= pass) {
      const { step } = run;
      await run.advance(1, cancel);
      this.share();
      if (run.step === step) return;
    }
  }

  async after(step: number, cancel: CancelToken): Promise<void> {
    this.share();
    for (const { partner, run } of this.members) {
      if (partner.order !== 'after') continue;
      if (this.countsPasses(partner)) await this.advanceTo(run, this.own.run.passOf(step), cancel);
      else if ((step + 1) % partner.own !== 0) continue;
      else await run.advance(partner.steps, cancel);
      this.share();
    }
  }

  save(): readonly RunSnapshot[] {
    return this.members.map(({ run }) => run.snapshot());
  }

  load(states: readonly RunSnapshot[]): void {
    this.members.forEach(({ run }, i) => {
      const state = states[i];
      if (state !== undefined) run.restore(state);
    });
  }

  /** Lets every run read what the others have trained. */
  private share(): void {
    for (const { from, to } of this.ties) to.set(from);
  }
}

interface Party {
  readonly setup: TwinSetup;
  readonly run: TrainingRun;
  readonly numbers: readonly number[];
}

function tiesOf(parties: readonly Party[]): readonly Tie[] {
  const owners = new Map<number, { readonly run: TrainingRun; readonly values: Float32Array }>();
  for (const { setup, run, numbers } of parties)
    for (const { index, offset, length } of setup.layout.trained) {
      const number = numbers[index];
      if (number !== undefined && !owners.has(number))
        owners.set(number, { run, values: run.theta.subarray(offset, offset + length) });
    }
  return parties.flatMap(({ setup, run, numbers }) =>
    setup.layout.frozen.flatMap((frozen): Tie[] => {
      const owner = owners.get(numbers[frozen.index] ?? -1);
      const to = run.side.values.get(parameterPort(frozen));
      return owner && owner.run !== run && to ? [{ from: owner.values, to }] : [];
    }),
  );
}
