import * as vscode from 'vscode';
import { takesLong, timeLeft } from './model/longRun';
import type { RunRecord } from './model/runRecord';
import type { Scripts } from './model/scripts';
import type { RunTarget, Runs } from './runs';

/** How often it is looked whether a run takes long, and how far it is. */
const lookMilliseconds = 500;

/**
 * A notification with a way to cancel for a run that somebody asked for and that takes long; short ones, and those that
 * a save began, are told of in the status bar alone.
 */
export class LongRuns implements vscode.Disposable {
  private watched: RunTarget | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly scripts: Scripts,
    private readonly runs: Runs,
  ) {
    this.subscription = runs.onChange(() => this.watch());
  }

  dispose(): void {
    this.subscription.dispose();
    this.stop();
  }

  private watch(): void {
    const { running } = this.runs;
    if (running === this.watched) return;
    this.stop();
    this.watched = running;
    if (!running?.isAsked) return;
    this.timer = setInterval(() => {
      const record = this.scripts.record(running.key);
      if (!record?.isRunning || !takesLong(record.elapsedSeconds, record.fraction)) return;
      this.stop();
      void this.show(running, record);
    }, lookMilliseconds);
  }

  private stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  private show(target: RunTarget, record: RunRecord): Thenable<void> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Descent Lens: diagnosing ${target.name}`,
      cancellable: true,
    };
    return vscode.window.withProgress(options, (progress, token) => {
      token.onCancellationRequested(() => this.runs.cancel(target.key));
      let shown = 0;
      return new Promise<void>((resolve) => {
        const tell = (): void => {
          const percent = 100 * record.fraction;
          const left = timeLeft(record.elapsedSeconds, record.fraction);
          progress.report({ message: [record.text, left].filter(Boolean).join(' · '), increment: Math.max(0, percent - shown) });
          shown = Math.max(shown, percent);
          if (record.isRunning && this.runs.running === target) return;
          clearInterval(timer);
          resolve();
        };
        const timer = setInterval(tell, lookMilliseconds);
        tell();
      });
    });
  }
}
