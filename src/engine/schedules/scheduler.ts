/** What a schedule sets at a step. */
export interface Rates {
  /** One a parameter group. */
  readonly rates: readonly number[];
  /** Momentum (β1 for Adam) when a schedule cycles it; null: the optimizer's own. */
  readonly momentum: number | null;
}

/** One torch.optim.lr_scheduler: what it does to the rates when it is made, and each time it is stepped. */
export interface Scheduler {
  readonly begin: (rates: Rates) => Rates;
  readonly step: (rates: Rates, metric: number) => Rates;
  readonly save: () => unknown;
  readonly load: (state: unknown) => void;
}
