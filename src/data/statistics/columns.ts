import { setImmediate } from 'node:timers/promises';
import type { ColumnStatistics } from '../../records/dataset';
import type { InputMatrix } from './matrix';

/** Distinct values are counted up to this number. */
const mostDistinct = 1000;
/** Numbers looked at before others get a turn. */
const numbersPerTurn = 2_000_000;

/** Statistics of every input column; missing values are left out of all but their count. */
export async function columnStatistics(matrix: InputMatrix): Promise<ColumnStatistics[]> {
  const column = new Float64Array(matrix.rows);
  const counter = new DistinctCounter();
  const statistics: ColumnStatistics[] = [];
  let numbers = 0;
  for (let j = 0; j < matrix.width; j++) {
    matrix.readColumn(j, column);
    statistics.push(describe(matrix.names[j] ?? `column ${j}`, column, counter));
    numbers += matrix.rows;
    if (numbers < numbersPerTurn) continue;
    numbers = 0;
    await setImmediate();
  }
  return statistics;
}

function describe(name: string, column: Float64Array, counter: DistinctCounter): ColumnStatistics {
  let [sum, present, minimum, maximum] = [0, 0, NaN, NaN];
  counter.clear();
  for (const value of column) {
    if (Number.isNaN(value)) continue;
    present++;
    sum += value;
    if (!(value >= minimum)) minimum = value;
    if (!(value <= maximum)) maximum = value;
    counter.add(value);
  }
  const mean = present > 0 ? sum / present : NaN;
  let squares = 0;
  for (const value of column) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  const deviation = present > 0 ? Math.sqrt(squares / present) : NaN;
  return { name, mean, deviation, minimum, maximum, missing: column.length - present, distinct: counter.count };
}

/** Counts distinct numbers up to the limit in a table of fixed size. */
class DistinctCounter {
  count = 0;
  private readonly slots = new Float64Array(4096);
  private readonly round = new Int32Array(4096);
  private current = 0;
  private readonly number = new Float64Array(1);
  private readonly halves = new Uint32Array(this.number.buffer);

  clear(): void {
    this.current++;
    this.count = 0;
  }

  add(value: number): void {
    if (this.count >= mostDistinct) return;
    // Adding 0 makes -0 and 0 one value.
    this.number[0] = value + 0;
    let slot = Math.imul((this.halves[0] as number) ^ Math.imul(this.halves[1] as number, 0x85ebca6b), 0x9e3779b1) >>> 20;
    while (this.round[slot] === this.current) {
      if (this.slots[slot] === value) return;
      slot = (slot + 1) & 4095;
    }
    this.round[slot] = this.current;
    this.slots[slot] = value;
    this.count++;
  }
}
