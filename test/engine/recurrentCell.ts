/** A recurrent layer as its formulas say, step by step in float64. */
export interface Cell {
  readonly kind: 'rnn' | 'lstm' | 'gru';
  readonly activation: 'tanh' | 'relu' | 'sigmoid' | 'linear';
  readonly resetAfter: boolean;
  readonly reverse: boolean;
  /** [gates · hidden][in], [gates · hidden][hidden], and the biases. */
  readonly weightIn: readonly (readonly number[])[];
  readonly weightBack: readonly (readonly number[])[];
  readonly biasIn: readonly number[];
  readonly biasBack: readonly number[];
  /** What x and h are multiplied with before their products, one list for each gate. */
  readonly inputFactors?: readonly (readonly number[])[];
  readonly stateFactors?: readonly (readonly number[])[];
  /** False at times that leave the state as it was. */
  readonly counts?: readonly boolean[];
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const activations = { tanh: Math.tanh, relu: (z: number) => Math.max(0, z), sigmoid, linear: (z: number) => z } as const;
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/** States h of one row at each time, in the order of the times. */
export function statesOf(cell: Cell, row: readonly (readonly number[])[]): number[][] {
  const hidden = cell.weightBack[0]?.length ?? 0;
  const phi = activations[cell.activation];
  let h = new Array<number>(hidden).fill(0);
  let c = new Array<number>(hidden).fill(0);
  const states: number[][] = [];
  const scaled = (x: readonly number[], factors: readonly number[] | undefined): readonly number[] =>
    x.map((value, i) => value * (factors?.[i] ?? 1));
  const order = row.map((_, time) => time);
  for (const time of cell.reverse ? order.reverse() : order) {
    const x = row[time] ?? [];
    if (cell.counts?.[time] === false) {
      states.push(h);
      continue;
    }
    const before = h;
    const fromInput = (gate: number, i: number): number => {
      const at = gate * hidden + i;
      return dot(cell.weightIn[at] ?? [], scaled(x, cell.inputFactors?.[gate])) + (cell.biasIn[at] ?? 0);
    };
    const fromState = (gate: number, i: number, state: readonly number[]): number => {
      const at = gate * hidden + i;
      return dot(cell.weightBack[at] ?? [], scaled(state, cell.stateFactors?.[gate])) + (cell.biasBack[at] ?? 0);
    };
    const gate = (k: number, i: number): number => sigmoid(fromInput(k, i) + fromState(k, i, before));
    if (cell.kind === 'rnn') h = before.map((_, i) => phi(fromInput(0, i) + fromState(0, i, before)));
    else if (cell.kind === 'lstm') {
      c = c.map((old, i) => gate(1, i) * old + gate(0, i) * phi(fromInput(2, i) + fromState(2, i, before)));
      h = c.map((value, i) => gate(3, i) * phi(value));
    } else {
      const reset = before.map((old, i) => gate(0, i) * old);
      h = before.map((old, i) => {
        const back = cell.resetAfter ? gate(0, i) * fromState(2, i, before) : fromState(2, i, reset);
        return gate(1, i) * old + (1 - gate(1, i)) * phi(fromInput(2, i) + back);
      });
    }
    states.push(h);
  }
  return cell.reverse ? states.reverse() : states;
}
