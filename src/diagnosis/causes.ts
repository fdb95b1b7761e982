import type { RuleId } from '../records/finding';

/** Everything that a run of a faulty script may show as a consequence. */
// prettier-ignore
const courseOfTheRun: readonly RuleId[] = [
  'lr-too-small', 'lr-oscillates', 'lr-diverges', 'lr-not-lowered', 'momentum-too-low', 'momentum-too-high',
  'batch-too-small', 'batch-too-large', 'vanishing-gradient', 'exploding-gradient', 'saturated-units', 'dead-units',
  'uncentred-activations', 'plateau', 'saddle-point', 'at-maximum', 'ill-conditioned', 'ravine', 'non-finite',
  'dropout-too-high', 'overfitting', 'underfitting', 'stopped-too-early', 'loss-at-init', 'init-scale',
  'edge-of-stability', 'local-minimum', 'missing-activation', 'softmax-between-layers', 'unscaled-targets',
];

const without = (...rules: RuleId[]): readonly RuleId[] => courseOfTheRun.filter((rule) => !rules.includes(rule));

/** What the unsuited inputs of a run bring about. */
// prettier-ignore
const ofInputs: readonly RuleId[] = [
  'lr-too-small', 'lr-oscillates', 'lr-diverges', 'lr-not-lowered', 'momentum-too-low', 'momentum-too-high', 'ravine', 'ill-conditioned',
  'saturated-units', 'dead-units', 'uncentred-activations', 'plateau', 'saddle-point', 'non-finite', 'exploding-gradient', 'vanishing-gradient', 'loss-at-init',
  'init-scale', 'stopped-too-early', 'underfitting', 'edge-of-stability', 'missing-activation', 'softmax-between-layers',
];

/**
 * Which rules each finding explains: while it stands at warning or above, they are lowered to information and name it
 * as their cause, and their trials wait until it is gone. A table of one level: effects of effects are listed too.
 */
export const explains: Readonly<Partial<Record<RuleId, readonly RuleId[]>>> = {
  'missing-zero-grad': courseOfTheRun,
  'zero-grad-misplaced': courseOfTheRun,
  'missing-step': courseOfTheRun,
  'missing-backward': courseOfTheRun,
  'wrong-sign': courseOfTheRun,
  'missing-values': courseOfTheRun,
  'output-size': courseOfTheRun,
  'target-shape': [...courseOfTheRun, 'activation-before-loss'],
  'softmax-before-cross-entropy': courseOfTheRun,
  'sigmoid-before-bce-with-logits': courseOfTheRun,
  'missing-output-activation': courseOfTheRun,
  'activation-before-loss': courseOfTheRun,
  'softmax-axis': courseOfTheRun,
  // Without bends the loss cannot get lower, whatever the rate is.
  'softmax-between-layers': without('lr-diverges', 'non-finite', 'softmax-between-layers', 'unscaled-targets'),
  'missing-activation': without('lr-diverges', 'non-finite', 'missing-activation', 'softmax-between-layers', 'unscaled-targets'),
  'zero-init': [...courseOfTheRun, 'symmetric-init'],
  'symmetric-init': courseOfTheRun,
  'optimizer-settings': courseOfTheRun,
  'parameters-not-optimized': without('non-finite', 'lr-diverges'),
  'scheduler-misplaced': ['lr-not-lowered', 'lr-too-small', 'lr-oscillates', 'plateau', 'underfitting', 'stopped-too-early'],
  'not-shuffled': [
    'uncentred-inputs',
    'lr-not-lowered',
    'lr-oscillates',
    'plateau',
    'batch-too-small',
    'momentum-too-high',
    'underfitting',
  ],
  // Batch norm that stays the identity leaves inputs and activations as they come.
  'missing-train-mode': [...ofInputs, 'overfitting', 'unscaled-inputs', 'ill-conditioned-inputs', 'uncentred-inputs'],
  'unscaled-inputs': [...ofInputs, 'uncentred-inputs', 'ill-conditioned-inputs', 'unscaled-targets'],
  'ill-conditioned-inputs': [...ofInputs, 'uncentred-inputs', 'unscaled-targets'],
  'uncentred-inputs': [...ofInputs, 'unscaled-targets'],
  'unscaled-targets': ofInputs,
  'lr-diverges': without(
    'lr-diverges',
    'unscaled-targets',
    'exploding-gradient',
    'missing-activation',
    'softmax-between-layers',
    'init-scale',
    'saddle-point',
    'loss-at-init',
    'batch-too-large',
  ),
  'lr-oscillates': without(
    'lr-oscillates',
    'unscaled-targets',
    'lr-diverges',
    'non-finite',
    'momentum-too-high',
    'init-scale',
    'saddle-point',
    'exploding-gradient',
    'missing-activation',
    'softmax-between-layers',
    'loss-at-init',
    'batch-too-large',
    'overfitting',
  ),
  'lr-too-small': [
    'plateau',
    'underfitting',
    'stopped-too-early',
    'momentum-too-low',
    'ravine',
    'ill-conditioned',
    'dropout-too-high',
  ],
  'saturated-units': [
    'vanishing-gradient',
    'plateau',
    'uncentred-activations',
    'underfitting',
    'stopped-too-early',
    'lr-too-small',
  ],
  'init-scale': [
    'vanishing-gradient',
    'exploding-gradient',
    'plateau',
    'loss-at-init',
    'lr-too-small',
    'lr-oscillates',
    'lr-diverges',
    'dead-units',
    'underfitting',
    'ill-conditioned',
    'ravine',
    'momentum-too-low',
    'stopped-too-early',
    'non-finite',
  ],
  // Clipping did what no lower rate does.
  'exploding-gradient': [
    'lr-diverges',
    'non-finite',
    'momentum-too-high',
    'lr-oscillates',
    'lr-not-lowered',
    'plateau',
    'underfitting',
    'stopped-too-early',
    'loss-at-init',
  ],
  'dead-units': ['plateau', 'vanishing-gradient', 'underfitting'],
  'vanishing-gradient': ['plateau', 'lr-too-small', 'underfitting', 'stopped-too-early', 'momentum-too-low'],
  'uncentred-activations': [
    'plateau',
    'lr-too-small',
    'underfitting',
    'stopped-too-early',
    'ill-conditioned',
    'momentum-too-low',
  ],
  'saddle-point': [
    'plateau',
    'underfitting',
    'lr-too-small',
    'momentum-too-low',
    'init-scale',
    'vanishing-gradient',
    'dead-units',
  ],
  ravine: ['ill-conditioned', 'momentum-too-low', 'plateau', 'stopped-too-early', 'edge-of-stability'],
  'momentum-too-low': ['ill-conditioned', 'plateau', 'stopped-too-early'],
  'momentum-too-high': ['plateau', 'lr-not-lowered', 'lr-oscillates', 'stopped-too-early'],
  'lr-not-lowered': ['plateau', 'batch-too-small', 'stopped-too-early'],
  'dropout-too-high': ['underfitting', 'plateau', 'stopped-too-early'],
  'batch-too-large': ['stopped-too-early', 'underfitting'],
  plateau: ['underfitting'],
};

/**
 * Whether `cause` explains `effect`: by the table, and only if it comes before it in `order`, the order of weight. So there is no
 * circle in which all findings explain one another away.
 */
export const isCauseOf = (cause: RuleId, effect: RuleId, order: readonly RuleId[]): boolean =>
  order.indexOf(cause) < order.indexOf(effect) && (explains[cause]?.includes(effect) ?? false);
