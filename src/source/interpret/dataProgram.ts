import type { Size } from '../../graph/size';
import type { DataKind, DataRecipe, DataStep, DataSteps, DataSymbol } from '../../records/dataSteps';
import type { Reason, SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';

/** Collects the data steps of a script while it is being run on symbols. */
export class DataProgram {
  readonly steps: DataStep[] = [];
  /** What each step's result was when it was made. */
  readonly results = new Map<number, DataArray>();
  readonly symbols: Record<string, DataSymbol> = {};
  /** Steps whose numbers a later change of shared memory made others, with the place of the change. */
  readonly overwritten = new Map<number, Reason>();
  private readonly symbolNames = new Map<string, string>();

  add<K extends DataKind>(kind: K, args: DataSteps[K], inputs: readonly number[], range: SourceRange): number {
    this.steps.push({ kind, arguments: args, inputs, range } as unknown as DataStep);
    return this.steps.length - 1;
  }

  /** The symbol for a property of a step's result. */
  symbol(step: number, property: DataSymbol['property']): Size {
    const key = `${step} ${property.kind} ${property.kind === 'size' ? property.axis : ''}`;
    let name = this.symbolNames.get(key);
    if (name === undefined) {
      name = `${property.kind}${this.symbolNames.size}`;
      this.symbolNames.set(key, name);
      this.symbols[name] = { step, property };
    }
    return { symbol: name };
  }
}

/** The part of the program that `wanted` steps and `sizes` need, renumbered; `place` maps old indices to new ones. */
export function pruned(
  program: DataProgram,
  wanted: readonly number[],
  sizes: readonly Size[],
): { readonly recipe: DataRecipe; readonly place: ReadonlyMap<number, number> } {
  const keep = new Set<number>();
  const symbols: Record<string, DataSymbol> = {};
  const wantSize = (size: unknown): void => {
    if (typeof size !== 'object' || size === null) return;
    if ('symbol' in size && typeof size.symbol === 'string') {
      const symbol = program.symbols[size.symbol];
      if (symbol && !symbols[size.symbol]) {
        symbols[size.symbol] = symbol;
        want(symbol.step);
      }
    } else for (const inner of Object.values(size)) wantSize(inner);
  };
  const want = (index: number): void => {
    const step = program.steps[index];
    if (!step || keep.has(index)) return;
    keep.add(index);
    step.inputs.forEach(want);
    wantSize(step.arguments);
  };
  wanted.forEach(want);
  sizes.forEach(wantSize);
  const order = [...keep].sort((a, b) => a - b);
  const place = new Map(order.map((old, index) => [old, index]));
  const at = (old: number): number => place.get(old) ?? 0;
  const steps = order.flatMap((old) => {
    const step = program.steps[old];
    return step ? [{ ...step, inputs: step.inputs.map(at) } as DataStep] : [];
  });
  const renumbered = Object.entries(symbols).map(([name, s]) => [name, { ...s, step: at(s.step) }] as const);
  return { recipe: { steps, symbols: Object.fromEntries(renumbered) }, place };
}
