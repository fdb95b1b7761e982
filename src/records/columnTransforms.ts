/** scikit-learn's transformers that make other columns of rows than those they are fitted on. */
export type ColumnTransform =
  /**
   * PCA: so many components, or as many as explain more than a share of the variance; both null: all. `whiten` gives each the
   * variance 1. Signs are those of scikit-learn 1.5 and later: the largest loading of each component is positive.
   */
  | { readonly form: 'principal'; readonly count: number | null; readonly share: number | null; readonly whiten: boolean }
  /** SelectKBest; `count` null: all. The labels are the third input. */
  | { readonly form: 'best'; readonly score: 'f_classif' | 'f_regression' | 'chi2'; readonly count: number | null }
  /** VarianceThreshold: columns whose variance is above it. */
  | { readonly form: 'varying'; readonly threshold: number }
  /** KBinsDiscretizer. */
  | {
      readonly form: 'bins';
      readonly count: number;
      readonly by: 'uniform' | 'quantile';
      readonly encode: 'oneHot' | 'ordinal';
    }
  /** QuantileTransformer: the share of rows below, or the normal number that has it. */
  | { readonly form: 'ranks'; readonly count: number; readonly normal: boolean }
  /** PowerTransformer, with the exponent of the largest likelihood. */
  | { readonly form: 'powers'; readonly method: 'yeo-johnson' | 'box-cox'; readonly standardize: boolean };
