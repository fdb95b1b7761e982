import { lendWeights } from '../../interpret/lentWeights';
import type { Machine } from '../../interpret/machine';
import type { SourceRange } from '../../../records/source';
import { tensorItem } from '../../interpret/tensorIndex';
import type { CellInitializer, ParameterCell, TraceNode } from '../../values/trace';
import { parameterOf, type TensorValue, type Value } from '../../values/value';
import { initializerOf, scaledBy } from './rawParameters';

/**
 * What a script does to a parameter's values beside torch.nn.init. Before the training these are first values, where they are random,
 * constant or written out; what is not, and what is done in a loop, is noted as not read.
 */
function begin(m: Machine, cell: ParameterCell, initializer: CellInitializer | null, range: SourceRange): boolean {
  if (m.loops.length > 0 || initializer === null || cell.unread) {
    lendWeights(m, cell, range);
    return false;
  }
  Object.assign(cell, { initializer, isDefault: false, range });
  return true;
}

/** `w *= number`, `w.mul_(number)`. */
export function scaleWeights(m: Machine, cell: ParameterCell, factor: number | null, range: SourceRange): void {
  begin(m, cell, factor === null || !Number.isFinite(factor) ? null : scaledBy(cell.initializer, factor), range);
}

/** `w.copy_(tensor)`, `w.data = tensor`. */
export function takeWeights(m: Machine, cell: ParameterCell, value: Value, range: SourceRange): void {
  const isWhole = value.kind === 'array' && value.shape?.join() === cell.shape.join();
  if (begin(m, cell, isWhole ? initializerOf(m, value) : null, range)) Reflect.deleteProperty(cell, 'stream');
}

/** Rows of a parameter that stand in a tensor of their own. */
interface Rows {
  readonly cell: ParameterCell;
  readonly from: number;
  readonly to: number;
}

/** `w[3]`, `b[n // 4 : n // 2]`; null for anything else that is made of a parameter. */
export function rowsOfParameter(node: TraceNode): Rows | null {
  const slice = node.kind === 'squeeze' && (node.arguments as { readonly axis?: unknown }).axis === 0 ? node.inputs[0] : node;
  const of = slice?.inputs[0];
  const cell = of?.kind === 'parameter' ? of.parameters['value'] : undefined;
  const rows = cell?.shape[0];
  if (slice?.kind !== 'slice' || !cell || typeof rows !== 'number') return null;
  const { axis, start, end, step } = slice.arguments as Readonly<Record<string, number | null>>;
  const place = (at: number | null | undefined, otherwise: number): number =>
    typeof at !== 'number' ? otherwise : Math.max(0, Math.min(rows, at < 0 ? at + rows : at));
  const [from, to] = [place(start, 0), place(end, rows)];
  return axis === 0 && (step ?? 1) === 1 && from < to ? { cell, from, to } : null;
}

/** `w[3].zero_()`, `b[n // 4 : n // 2].fill_(1)`; `value`: null where it is not known. */
export function fillRows(m: Machine, { cell, from, to }: Rows, value: number | null, range: SourceRange): void {
  const { initializer } = cell;
  const others = (initializer.filled ?? []).filter((rows) => rows.from < from || rows.to > to);
  begin(m, cell, value === null ? null : { ...initializer, filled: [...others, { from, to, value }] }, range);
}

/** `tensor[index] = value`: of a parameter the rows that are filled with a number are known; other changes are not read. */
export function assignToTensor(m: Machine, tensor: TensorValue, index: Value, value: Value, range: SourceRange): void {
  const part = parameterOf(tensor) ? tensorItem(m, tensor, index, range) : null;
  const rows = part?.kind === 'tensor' ? rowsOfParameter(part.node) : null;
  if (rows) fillRows(m, rows, value.kind === 'number' ? value.value : null, range);
  else tensor.node.fault = { text: 'A change of single values is not read', range };
}
