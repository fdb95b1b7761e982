import type { Size } from '../../../graph/size';
import type { Call } from '../../interpret/call';
import { compareTensors, graphOperation } from '../../interpret/tensors';
import { numberValue, tensorValue, type Value } from '../../values/value';

/** The mask of the diagonal of a square of `size`, which the batch may decide. */
export function diagonalMask(size: Size, call: Call): Value {
  const { machine: m, range } = call;
  const ones = tensorValue(m.trace.add('filled', { shape: [size], value: 1 }, [], range));
  // 1 … n as a running sum of ones.
  const places = graphOperation(m, 'cumulativeSum', { axis: 0 }, [ones], range);
  const across = graphOperation(m, 'unsqueeze', { axis: 0 }, [places], range);
  const down = graphOperation(m, 'unsqueeze', { axis: 1 }, [places], range);
  return compareTensors(m, '==', down, across, range);
}

/** `x.fill_diagonal_(value)` of a square whose size is known, or a symbol; null for others. */
export function filledDiagonal(x: Value, value: number, call: Call): Value | null {
  const shape = x.kind === 'tensor' ? x.node.shape : null;
  const [rows, columns] = shape ?? [];
  const isSquare = shape?.length === 2 && rows !== null && JSON.stringify(rows) === JSON.stringify(columns);
  if (!isSquare || rows === undefined) return null;
  return graphOperation(call.machine, 'where', {}, [diagonalMask(rows, call), numberValue(value), x], call.range);
}
