import * as vscode from 'vscode';
import { CancelSource } from '../base/cancel';
import type { InspectionLog, InspectionNews } from '../protocol/inspection';
import { withNews } from '../protocol/inspection';
import type { Engine } from './engine';
import type { Log } from './log';
import type { Scripts } from './model/scripts';

/** What happened in the inspection of a unit's run. */
export interface NewsOfUnit {
  readonly key: string;
  readonly news: InspectionNews;
}

/** Looks at the loss surface around points of runs, one at a time, and keeps what came for a panel that returns. */
export class Inspections implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<NewsOfUnit>();
  private current: { readonly key: string; readonly cancel: CancelSource } | null = null;
  private shown: { readonly key: string; readonly log: InspectionLog | null } | null = null;
  readonly onNews = this.emitter.event;

  constructor(
    private readonly scripts: Scripts,
    private readonly engine: Engine,
    private readonly log: Log,
  ) {}

  /** The inspection of a unit as far as it has come. */
  logOf(key: string): InspectionLog | null {
    return this.shown?.key === key ? this.shown.log : null;
  }

  /** Inspects the unit's last run, as the script was then, and ends the inspection before it. With a `pair`, the loss over two parameters is added. */
  async inspect(key: string, step: number, nearest: boolean, pair?: readonly [number, number]): Promise<void> {
    this.leave();
    const parameters = this.scripts.record(key)?.parameters;
    if (!parameters) return;
    const cancel = new CancelSource();
    const mine = { key, cancel };
    this.current = mine;
    this.tell(key, { kind: 'start', step, nearest, adds: pair !== undefined });
    const outcome = await this.engine.request(
      'inspect',
      { ...parameters, step, nearest, ...(pair ? { pair } : {}) },
      (event) => this.tell(key, event),
      cancel.token,
    );
    if (this.current !== mine) return;
    this.current = null;
    if (outcome.ok) {
      const { status, reason, seconds } = outcome.value;
      this.log.info(`inspection of step ${step}: ${status} after ${seconds.toFixed(2)} s`);
      this.tell(key, { kind: 'end', status, text: reason ?? '' });
    } else {
      this.tell(key, { kind: 'end', status: 'failed', text: outcome.error.text });
    }
  }

  /** Ends the inspection that goes on; what came stays. */
  leave(): void {
    const { current } = this;
    if (!current) return;
    this.current = null;
    current.cancel.cancel();
    this.tell(current.key, { kind: 'end', status: 'cancelled', text: 'Cancelled.' });
  }

  /** Forgets the unit's inspection: its run begins anew. */
  forget(key: string): void {
    if (this.current?.key === key) this.leave();
    if (this.shown?.key === key) this.shown = null;
  }

  dispose(): void {
    this.leave();
    this.emitter.dispose();
  }

  private tell(key: string, news: InspectionNews): void {
    const log = this.shown?.key === key ? this.shown.log : null;
    this.shown = { key, log: withNews(log, news) };
    this.emitter.fire({ key, news });
  }
}
