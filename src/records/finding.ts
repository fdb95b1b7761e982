import type { SourceRange, TextEdit } from './source';
import type { Change, Verification } from './trial';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** Identifiers of the rules; stable for ever. */
// prettier-ignore
export const ruleIds = [
  'lr-too-small', 'lr-oscillates', 'lr-diverges', 'lr-not-lowered',
  'momentum-too-low', 'momentum-too-high', 'batch-too-small', 'batch-too-large',
  'symmetric-init', 'zero-init', 'init-scale', 'vanishing-gradient', 'exploding-gradient',
  'saturated-units', 'dead-units', 'uncentred-activations', 'plateau', 'saddle-point', 'at-maximum',
  'ill-conditioned', 'ravine', 'unscaled-inputs', 'uncentred-inputs', 'ill-conditioned-inputs',
  'constant-input', 'missing-values', 'class-imbalance', 'conflicting-labels', 'unscaled-targets', 'not-shuffled', 'non-finite',
  'softmax-before-cross-entropy', 'sigmoid-before-bce-with-logits', 'missing-output-activation', 'activation-before-loss',
  'softmax-axis', 'missing-activation', 'softmax-between-layers',
  'output-size', 'target-shape', 'missing-zero-grad', 'zero-grad-misplaced', 'missing-step', 'missing-backward',
  'missing-eval-mode', 'missing-train-mode', 'parameters-not-optimized', 'scheduler-misplaced',
  'batch-norm-tiny-batch', 'bias-before-norm', 'dropout-before-norm', 'dropout-too-high',
  'overfitting', 'underfitting', 'stopped-too-early', 'loss-at-init', 'wrong-sign', 'optimizer-settings',
  'edge-of-stability', 'convex', 'local-minimum',
] as const;

export type RuleId = (typeof ruleIds)[number];

/** A measured number that a finding rests on, with the limit it broke. */
export interface Evidence {
  readonly quantity: string;
  readonly step: number;
  readonly value: number;
  /** Half width of the 95 % interval around `value`; absent where it is measured outright, or where nothing is known of it. */
  readonly error?: number;
  readonly limit?: number;
  readonly unit: string;
}

export interface RelatedPlace extends SourceRange {
  readonly message: string;
}

/** A change of the text. `verified` is absent when it was not tried. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The same as a change of the Experiment, where one field says it. */
  readonly changes?: readonly Change[];
  readonly verified?: Verification;
}

/** What it means: one verdict, at one place. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly range: SourceRange;
  /** The measured value, the limit, how it was measured, how much was run. Plain text, one paragraph. */
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly related: readonly RelatedPlace[];
  /** Rules whose findings are the cause of this one. */
  readonly causes: readonly RuleId[];
  readonly fixes: readonly Fix[];
}
