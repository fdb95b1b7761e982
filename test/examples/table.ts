import type { RuleId } from '../../src/records/finding';

/** Folders of scripts that hold a rule: a script on which it says something, and a healthy one that looks alike and passes it. */
interface Row {
  /** Null where no script on real data that is in the repository shows the fault; then hand-made courses alone hold the rule. */
  readonly said: string | null;
  readonly quiet: string;
}

/** Every rule with its two scripts. Gradients that explode at some steps and recover were shown by no small script so far. */
export const scriptsOfRules: { readonly [K in RuleId]: Row } = {
  'activation-before-loss': { said: 'examples/faults/activation-before-loss', quiet: 'examples/healthy/conv-autoencoder' },
  'at-maximum': { said: 'test/examples/scripts/at-maximum', quiet: 'examples/healthy/two-models' },
  'batch-norm-tiny-batch': { said: 'test/examples/scripts/batch-norm-tiny-batch', quiet: 'examples/healthy/batch-norm' },
  'batch-too-large': { said: 'examples/faults/batch-too-large', quiet: 'examples/healthy/fashion-pixels' },
  'batch-too-small': { said: 'examples/faults/batch-too-small', quiet: 'examples/healthy/digits-adam' },
  'bias-before-norm': { said: 'test/examples/scripts/bias-before-norm', quiet: 'examples/healthy/batch-norm' },
  'class-imbalance': { said: 'test/examples/scripts/class-imbalance', quiet: 'examples/healthy/class-weights' },
  'conflicting-labels': { said: 'test/examples/scripts/conflicting-labels', quiet: 'examples/healthy/noisy-labels' },
  'constant-input': { said: 'test/examples/scripts/constant-input', quiet: 'examples/healthy/bias-column' },
  'convex': { said: 'examples/healthy/iris-softmax-regression', quiet: 'examples/healthy/xor' },
  'dead-units': { said: 'examples/faults/dead-units', quiet: 'examples/healthy/sparse-relus' },
  'dropout-before-norm': { said: 'test/examples/scripts/dropout-before-norm', quiet: 'test/examples/scripts/norm-then-dropout' },
  'dropout-too-high': { said: 'test/examples/scripts/dropout-too-high', quiet: 'examples/healthy/dropout' },
  'edge-of-stability': { said: 'test/examples/scripts/dropout-before-norm', quiet: 'examples/healthy/nesterov-weight-decay' },
  'exploding-gradient': { said: null, quiet: 'examples/healthy/clipped-gradients' },
  'ill-conditioned': { said: 'test/examples/scripts/stopped-too-early', quiet: 'examples/healthy/wine-momentum' },
  'ill-conditioned-inputs': { said: 'examples/faults/ill-conditioned-inputs', quiet: 'examples/healthy/unscaled-but-fine' },
  'init-scale': { said: 'examples/faults/init-scale', quiet: 'examples/healthy/default-init-deep' },
  'local-minimum': { said: 'examples/healthy/line-fit', quiet: 'examples/healthy/xor' },
  'loss-at-init': { said: 'test/examples/scripts/loss-at-init', quiet: 'examples/healthy/digits-adam' },
  'lr-diverges': { said: 'examples/faults/lr-diverges', quiet: 'examples/healthy/first-spike' },
  'lr-not-lowered': { said: 'examples/faults/lr-not-lowered', quiet: 'examples/healthy/noisy-labels' },
  'lr-oscillates': { said: 'examples/faults/lr-oscillates', quiet: 'examples/healthy/edge-of-stability' },
  'lr-too-small': { said: 'examples/faults/lr-too-small', quiet: 'examples/healthy/stiff-modes-died' },
  'missing-backward': { said: 'test/examples/scripts/missing-backward', quiet: 'examples/healthy/frozen-layer' },
  'missing-eval-mode': { said: 'examples/faults/missing-eval-mode', quiet: 'examples/healthy/dropout' },
  'missing-output-activation': { said: 'test/examples/scripts/missing-output-activation', quiet: 'examples/healthy/log-softmax-nll' },
  'missing-step': { said: 'test/examples/scripts/missing-step', quiet: 'examples/healthy/gradient-accumulation' },
  'missing-train-mode': { said: 'test/examples/scripts/missing-train-mode', quiet: 'examples/healthy/dropout' },
  'missing-values': { said: 'test/examples/scripts/missing-values', quiet: 'examples/healthy/unscaled-but-fine' },
  'missing-zero-grad': { said: 'examples/faults/missing-zero-grad', quiet: 'examples/healthy/two-models' },
  'momentum-too-high': { said: 'examples/faults/momentum-too-high', quiet: 'examples/healthy/nesterov-weight-decay' },
  'momentum-too-low': { said: 'examples/faults/momentum-too-low', quiet: 'examples/healthy/wine-momentum' },
  'non-finite': { said: 'examples/faults/non-finite', quiet: 'examples/healthy/first-spike' },
  'not-shuffled': { said: 'examples/faults/not-shuffled', quiet: 'examples/healthy/tides-lstm' },
  'optimizer-settings': { said: 'test/examples/scripts/optimizer-settings', quiet: 'examples/healthy/nesterov-weight-decay' },
  'output-size': { said: 'examples/faults/output-size', quiet: 'examples/healthy/iris-softmax-regression' },
  'overfitting': { said: 'examples/faults/overfitting', quiet: 'examples/healthy/trainer-early-stopping' },
  'parameters-not-optimized': { said: 'examples/faults/parameters-not-optimized', quiet: 'examples/healthy/frozen-layer' },
  'plateau': { said: 'examples/faults/plateau', quiet: 'examples/healthy/noisy-labels' },
  'ravine': { said: 'examples/faults/ravine', quiet: 'examples/healthy/stiff-modes-died' },
  'saddle-point': { said: 'examples/faults/saddle-point', quiet: 'examples/healthy/xor' },
  'saturated-units': { said: 'examples/faults/saturated-units', quiet: 'examples/healthy/sine-rnn' },
  'scheduler-misplaced': { said: 'examples/faults/scheduler-misplaced', quiet: 'examples/healthy/cosine-per-batch' },
  'sigmoid-before-bce-with-logits': { said: 'examples/faults/sigmoid-before-bce-with-logits', quiet: 'examples/healthy/breast-cancer-logistic' },
  'softmax-before-cross-entropy': { said: 'examples/faults/softmax-before-cross-entropy', quiet: 'examples/healthy/softmax-at-inference' },
  'stopped-too-early': { said: 'test/examples/scripts/stopped-too-early', quiet: 'examples/healthy/tiny-data' },
  'symmetric-init': { said: 'examples/faults/symmetric-init', quiet: 'examples/healthy/line-fit' },
  'target-shape': { said: 'examples/faults/target-shape', quiet: 'examples/healthy/diabetes-regression' },
  'uncentred-activations': { said: 'examples/faults/uncentred-activations', quiet: 'examples/healthy/softmax-at-inference' },
  'uncentred-inputs': { said: 'examples/faults/uncentred-inputs', quiet: 'examples/healthy/fashion-pixels' },
  'underfitting': { said: 'test/examples/scripts/missing-backward', quiet: 'examples/healthy/class-weights' },
  'unscaled-inputs': { said: 'examples/faults/unscaled-inputs', quiet: 'examples/healthy/unscaled-but-fine' },
  'vanishing-gradient': { said: 'test/examples/scripts/vanishing-gradient', quiet: 'examples/healthy/default-init-deep' },
  'wrong-sign': { said: 'examples/faults/wrong-sign', quiet: 'examples/healthy/triplet-margin' },
  'zero-init': { said: 'examples/faults/zero-init', quiet: 'examples/healthy/iris-softmax-regression' },
};

/** The faults that people meet most, with a script for each in both frameworks. */
export const inBothFrameworks: readonly (readonly [rule: RuleId, pytorch: string, keras: string])[] = [
  ['activation-before-loss', 'examples/faults/activation-before-loss', 'examples/faults/keras-sigmoid-classes'],
  ['missing-output-activation', 'test/examples/scripts/missing-output-activation', 'examples/faults/keras-linear-output'],
  ['softmax-before-cross-entropy', 'examples/faults/softmax-before-cross-entropy', 'examples/faults/keras-softmax-twice'],
  ['unscaled-inputs', 'examples/faults/unscaled-inputs', 'examples/faults/keras-raw-wine'],
  ['lr-oscillates', 'examples/faults/lr-oscillates', 'examples/faults/keras-rate-of-ten'],
  ['lr-too-small', 'examples/faults/lr-too-small', 'examples/faults/keras-tiny-rate'],
  ['output-size', 'examples/faults/output-size', 'examples/faults/keras-labels-from-one'],
  ['zero-init', 'examples/faults/zero-init', 'examples/faults/keras-zeros'],
  ['dropout-too-high', 'test/examples/scripts/dropout-too-high', 'examples/faults/keras-dropout'],
  ['optimizer-settings', 'test/examples/scripts/optimizer-settings', 'examples/faults/keras-clipped'],
  ['batch-too-large', 'examples/faults/batch-too-large', 'examples/faults/keras-one-step'],
  ['vanishing-gradient', 'test/examples/scripts/vanishing-gradient', 'examples/faults/keras-deep-sigmoids'],
];
