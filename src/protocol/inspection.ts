import type { InspectionPart } from '../records/inspection/part';
import type { DiagnoseParameters } from './diagnosis';

/** What a person wants to see of the loss surface. */
export interface InspectParameters extends DiagnoseParameters {
  /** Optimizer steps after which to look; cut to the length of the run that is planned. */
  readonly step: number;
  /** Look at the nearest critical point in place of the run's own. */
  readonly nearest: boolean;
  /** Only the loss over these two entries of the flat vector, in addition to what is known of the point. */
  readonly pair?: readonly [number, number];
  /** The largest gradient norm of the whole run on its probe rows, where a diagnosis has measured it. */
  readonly largestGradient?: { readonly norm: number; readonly step: number };
}

/** What happens during an inspection, in order. */
export type InspectEvent =
  | { readonly kind: 'progress'; /** 0…1. */ readonly fraction: number; readonly text: string }
  | { readonly kind: 'part'; readonly part: InspectionPart };

/** How it ended. */
export interface InspectResult {
  /** `unavailable`: the script cannot be trained here, or its values are not finite at the step. */
  readonly status: 'done' | 'unavailable' | 'cancelled';
  /** Why it is not `done`. */
  readonly reason: string | null;
  readonly seconds: number;
}

/** What the panel is told, in order: a start, what happens, an end. */
export type InspectionNews =
  | {
      readonly kind: 'start';
      readonly step: number;
      readonly nearest: boolean;
      /** True: what is known of this point stays. */
      readonly adds?: boolean;
    }
  | InspectEvent
  | { readonly kind: 'end'; readonly status: InspectResult['status'] | 'failed'; readonly text: string };

/** Parts with the same key replace each other: a surface that got finer, say. */
export function partKey(part: InspectionPart): string {
  if (part.part === 'slice') return `slice ${part.direction}`;
  if (part.part === 'frame') return `frame ${part.step}`;
  return part.part === 'surface' ? `surface ${part.plane}` : part.part;
}

/** The inspection shown, as far as it has come. */
export interface InspectionLog {
  readonly step: number;
  readonly nearest: boolean;
  readonly status: InspectResult['status'] | 'failed' | 'running';
  /** What goes on, or why it ended so. */
  readonly text: string;
  readonly fraction: number;
  /** By `partKey`, in the order in which they first came. */
  readonly parts: ReadonlyMap<string, InspectionPart>;
}

/** The log after one piece of news; null before the first start. News without a start change nothing. */
export function withNews(log: InspectionLog | null, news: InspectionNews): InspectionLog | null {
  if (news.kind === 'start') {
    const { step, nearest, adds } = news;
    const stays = adds === true && log?.step === step && log.nearest === nearest;
    return { step, nearest, status: 'running', text: '', fraction: 0, parts: stays ? log.parts : new Map() };
  }
  if (log === null) return null;
  switch (news.kind) {
    case 'progress':
      return { ...log, text: news.text, fraction: news.fraction };
    case 'part':
      return { ...log, parts: new Map(log.parts).set(partKey(news.part), news.part) };
    case 'end':
      return { ...log, status: news.status, text: news.text, fraction: 1 };
  }
}

/** The shortest news that lead to `log`: what a panel that comes back is told. */
export function newsOf(log: InspectionLog | null): InspectionNews[] {
  if (log === null) return [];
  const { step, nearest, status, text, fraction, parts } = log;
  const last: InspectionNews = status === 'running' ? { kind: 'progress', fraction, text } : { kind: 'end', status, text };
  return [{ kind: 'start', step, nearest }, ...[...parts.values()].map((part): InspectionNews => ({ kind: 'part', part })), last];
}
