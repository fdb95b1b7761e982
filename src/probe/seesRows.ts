import type { ModelGraph } from '../records/model/graph';

/**
 * Whether rows of data reach the loss. A generator trained against another net is made of what it draws alone: that stands still where the
 * loss is looked at, so that nothing there differs from row to row, and noise of batches has no meaning.
 */
export const seesRows = (model: ModelGraph | null): boolean =>
  model === null || model.nodes.some(({ kind }) => kind === 'input' || kind === 'target');
