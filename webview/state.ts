import { withNews, type InspectionLog, type InspectionNews } from '../src/protocol/inspection';
import type { FromPanel, PanelState, ToPanel } from '../src/protocol/panel';
import type { Quantity } from '../src/records/measurement';
import { appendColumn, type Column } from './columns';

/** All that the panel knows of the run it shows; the host owns it, this is a copy. */
export interface PanelModel {
  /** Null until the first snapshot. */
  readonly state: PanelState | null;
  /** In the order in which the quantities first came: that of the layers. */
  readonly columns: ReadonlyMap<Quantity, Column>;
  /** Sequence number of the last batch contained; -1 for none. */
  readonly sequence: number;
  /** True while a snapshot is asked for: batches are dropped, since it will contain them. */
  readonly waiting: boolean;
  /** What is known of the point that is looked at; null while none is. */
  readonly inspection: InspectionLog | null;
}

/** Before anything came. */
export const emptyModel: PanelModel = { state: null, columns: new Map(), sequence: -1, waiting: true, inspection: null };

/** The model after a message, and what must be answered. */
export interface Received {
  readonly model: PanelModel;
  readonly reply: FromPanel | null;
}

/** Applies one message of the host. A gap in the sequence, a new run or another unit asks for a snapshot. */
export function receive(model: PanelModel, message: ToPanel): Received {
  switch (message.kind) {
    case 'snapshot':
      return { model: fromSnapshot(message), reply: null };
    case 'state':
      return withState(model, message.state);
    case 'measurements':
      return withBatch(model, message);
    case 'inspection':
      // What comes while a snapshot is on its way is in it.
      return { model: model.waiting ? model : { ...model, inspection: withNews(model.inspection, message.news) }, reply: null };
  }
}

function fromSnapshot(message: Extract<ToPanel, { kind: 'snapshot' }>): PanelModel {
  const columns = new Map<Quantity, Column>();
  for (const column of message.columns) {
    columns.set(column.quantity, appendColumn(columns.get(column.quantity), column.steps, column.values));
  }
  const inspection = (message.inspection ?? []).reduce<InspectionLog | null>(
    (log, news: InspectionNews) => withNews(log, news),
    null,
  );
  return { state: message.state, columns, sequence: message.sequence, waiting: false, inspection };
}

function withState(model: PanelModel, state: PanelState): Received {
  if (model.state === null || sameUnit(model.state.unit, state.unit)) return { model: { ...model, state }, reply: null };
  return askAgain({ ...model, state, columns: new Map(), sequence: -1, waiting: false, inspection: null });
}

function sameUnit(a: PanelState['unit'], b: PanelState['unit']): boolean {
  return a?.path === b?.path && a?.name === b?.name;
}

function withBatch(model: PanelModel, { batch }: Extract<ToPanel, { kind: 'measurements' }>): Received {
  if (model.waiting) return { model, reply: null };
  if (batch.sequence === model.sequence + 1) {
    const columns = new Map(model.columns);
    for (const column of batch.columns) {
      columns.set(column.quantity, appendColumn(columns.get(column.quantity), column.steps, column.values));
    }
    return { model: { ...model, columns, sequence: batch.sequence }, reply: null };
  }
  // A batch that came twice changes nothing; number 0 after others is the start of another run.
  const repeated = batch.sequence <= model.sequence && !(batch.sequence === 0 && model.sequence > 0);
  return repeated ? { model, reply: null } : askAgain(model);
}

function askAgain(model: PanelModel): Received {
  return { model: { ...model, waiting: true }, reply: { kind: 'ready' } };
}
