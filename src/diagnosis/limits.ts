import type { Optimizer, OptimizerKind, OptimizerSettings } from '../records/optimizer';
import { spectralRadius } from './dynamics';

/** One optimizer's local, linear stability: on a quadratic of curvature λ, with the second moment frozen. */
interface LimitRow<K extends OptimizerKind> {
  /** What λ is an eigenvalue of: the Hessian H, or P⁻¹H with the optimizer's own diagonal P. */
  readonly of: 'hessian' | 'preconditioned';
  readonly formula: (settings: OptimizerSettings[K]) => string;
  readonly source: string;
  /** λ at which a step of rate η neither shrinks nor grows. */
  readonly curvature: (settings: OptimizerSettings[K], rate: number) => number;
  /** η at which a mode of curvature λ neither shrinks nor grows. */
  readonly rate: (settings: OptimizerSettings[K], curvature: number) => number;
  /** Factor per step (spectral radius) at rate η on curvature λ. */
  readonly growth: (settings: OptimizerSettings[K], rate: number, curvature: number) => number;
  /** First step from which the limit may be judged: before it the bias correction rules. */
  readonly firstStep: (settings: OptimizerSettings[K]) => number;
}

/** Growth of v ← μv + s·g, θ ← θ - ηv on curvature λ: roots of z² - (1+μ-sηλ)z + μ. */
const heavyBallGrowth = (momentum: number, scale: number, rate: number, curvature: number): number =>
  spectralRadius(1 + momentum - scale * rate * curvature, momentum);

/** PyTorch ignores the dampening while there is no momentum. */
const sgdScale = (s: OptimizerSettings['sgd']): number => (s.momentum.value === 0 ? 1 : 1 - s.dampening.value);

/** η·λ at the limit of SGD in its three forms. */
function sgdProduct(s: OptimizerSettings['sgd']): number {
  const momentum = s.momentum.value;
  if (s.nesterov.value) return (2 + 2 * momentum) / (1 + 2 * momentum);
  return (2 * (1 + momentum)) / sgdScale(s);
}

function sgdFormula(s: OptimizerSettings['sgd']): string {
  const decay = s.weightDecay.value === 0 ? '' : ' - weight decay';
  if (s.nesterov.value) return `(2+2μ)/((1+2μ)η)${decay}`;
  if (s.momentum.value === 0) return `2/η${decay}`;
  return s.dampening.value === 0 ? `2(1+μ)/η${decay}` : `2(1+μ)/((1-d)η)${decay}`;
}

/**
 * PyTorch's Nesterov: v ← μv+g, θ ← θ - η(g+μv), so trace (1+μ)(1-ηλ), determinant μ(1-ηλ).
 * L2 decay acts as curvature.
 */
function sgdGrowth(s: OptimizerSettings['sgd'], rate: number, curvature: number): number {
  const momentum = s.momentum.value;
  const total = curvature + s.weightDecay.value;
  if (!s.nesterov.value) return heavyBallGrowth(momentum, sgdScale(s), rate, total);
  return spectralRadius((1 + momentum) * (1 - rate * total), momentum * (1 - rate * total));
}

type Moments = OptimizerSettings['adamax'];

/** Gradient descent in a metric that stands still. */
const descentLimit = {
  curvature: (_: unknown, rate: number): number => 2 / rate,
  rate: (_: unknown, curvature: number): number => 2 / curvature,
  growth: (_: unknown, rate: number, curvature: number): number => Math.abs(1 - rate * curvature),
};

/** Of a mean of gradients with weight 1-β1 on each, on P⁻¹H. */
const momentsLimit = {
  curvature: (s: Moments, rate: number) => (2 + 2 * s.beta1.value) / ((1 - s.beta1.value) * rate),
  rate: (s: Moments, curvature: number) => (2 + 2 * s.beta1.value) / ((1 - s.beta1.value) * curvature),
  growth: (s: Moments, rate: number, curvature: number) => heavyBallGrowth(s.beta1.value, 1 - s.beta1.value, rate, curvature),
  firstStep: (s: Moments) => 3 / (1 - s.beta1.value),
};

/** μ at the first step that is judged; it grows from β1/2 to β1, over thousands of steps with PyTorch's ψ. */
const nadamMomentum = ({ beta1, momentumDecay }: OptimizerSettings['nadam']): number =>
  beta1.value * (1 - 0.5 * 0.96 ** ((3 * momentumDecay.value) / (1 - beta1.value)));

/**
 * η·λ at the limit of θ ← θ - η((1-μ)g + μm'), m' = β1m + (1-β1)g: trace 1+β1-ηλ(1-μβ1) and
 * determinant β1(1-ηλ(1-μ)) put a root at -1.
 */
function nadamProduct(s: OptimizerSettings['nadam']): number {
  const beta = s.beta1.value;
  return (2 + 2 * beta) / (1 + beta - 2 * nadamMomentum(s) * beta);
}

/** What acts as curvature beside the loss's. */
const asgdPull = (s: OptimizerSettings['asgd']): number => s.pull.value + s.weightDecay.value;

/** The table of stability limits, one row per optimizer. */
const limits: { readonly [K in Exclude<OptimizerKind, 'lbfgs' | 'rprop'>]: LimitRow<K> } = {
  sgd: {
    of: 'hessian',
    formula: sgdFormula,
    source: 'Polyak 1964; Cohen et al. 2021; PyTorch SGD',
    curvature: (s, rate) => sgdProduct(s) / rate - s.weightDecay.value,
    rate: (s, curvature) => sgdProduct(s) / (curvature + s.weightDecay.value),
    growth: sgdGrowth,
    firstStep: () => 0,
  },
  rmsprop: {
    of: 'preconditioned',
    formula: (s) => (s.momentum.value === 0 ? '2/η on P⁻¹H' : '2(1+μ)/η on P⁻¹H'),
    source: 'Cohen et al. 2022; PyTorch RMSprop (momentum outside the preconditioner)',
    curvature: (s, rate) => (2 * (1 + s.momentum.value)) / rate,
    rate: (s, curvature) => (2 * (1 + s.momentum.value)) / curvature,
    growth: (s, rate, curvature) => heavyBallGrowth(s.momentum.value, 1, rate, curvature),
    // The first steps do overshoot without a bias correction: only P = ε before the first gradient is no state of a step.
    firstStep: () => 1,
  },
  adam: {
    of: 'preconditioned',
    formula: () => '(2+2β1)/((1-β1)η) on P⁻¹H',
    source: 'Cohen et al. 2022',
    ...momentsLimit,
  },
  adamw: {
    of: 'preconditioned',
    formula: (s) => (s.weightDecay.value === 0 ? '(2+2β1)/((1-β1)η) on P⁻¹H' : '(1+β1)(2-ηω)/((1-β1)η) on P⁻¹H'),
    source: 'Cohen et al. 2022, with decoupled decay (Loshchilov and Hutter 2019)',
    curvature: ({ beta1, weightDecay }, rate) =>
      ((1 + beta1.value) * (2 - rate * weightDecay.value)) / ((1 - beta1.value) * rate),
    rate: ({ beta1, weightDecay }, curvature) =>
      (2 * (1 + beta1.value)) / ((1 - beta1.value) * curvature + (1 + beta1.value) * weightDecay.value),
    growth: ({ beta1, weightDecay }, rate, curvature) => {
      const kept = 1 - rate * weightDecay.value;
      return spectralRadius(kept + beta1.value - rate * (1 - beta1.value) * curvature, beta1.value * kept);
    },
    firstStep: (s) => 3 / (1 - s.beta1.value),
  },
  adagrad: {
    of: 'preconditioned',
    formula: () => '2/η on P⁻¹H',
    source: 'Duchi, Hazan and Singer 2011; gradient descent in the metric P',
    ...descentLimit,
    // P = ε before the first gradient is no state of a step.
    firstStep: () => 1,
  },
  adadelta: {
    of: 'preconditioned',
    formula: () => '2/η on P⁻¹H',
    source: 'gradient descent in the metric P, which here follows the steps themselves',
    ...descentLimit,
    // P shrinks and grows with the steps, so that no frozen P tells where they lead.
    firstStep: () => Infinity,
  },
  adamax: {
    of: 'preconditioned',
    formula: () => '(2+2β1)/((1-β1)η) on P⁻¹H',
    source: "as Adam's (Cohen et al. 2022), with Adamax's P frozen",
    ...momentsLimit,
  },
  nadam: {
    of: 'preconditioned',
    formula: () => '(2+2β1)/((1+β1-2μβ1)η) on P⁻¹H',
    source: 'the linear recurrence of NAdam with P frozen and its momentum μ of the first step that is judged',
    curvature: (s, rate) => nadamProduct(s) / rate,
    rate: (s, curvature) => nadamProduct(s) / curvature,
    growth: (s, rate, curvature) => {
      const [beta, momentum, x] = [s.beta1.value, nadamMomentum(s), rate * curvature];
      return spectralRadius(1 + beta - x * (1 - momentum * beta), beta * (1 - x * (1 - momentum)));
    },
    firstStep: (s) => 3 / (1 - s.beta1.value),
  },
  radam: {
    of: 'preconditioned',
    formula: () => '(2+2β1)/((1-β1)η) on P⁻¹H',
    source: "as Adam's (Cohen et al. 2022), with the rectification in P",
    ...momentsLimit,
  },
  // The rate only falls, so that the limit errs on the side of caution late in a run.
  asgd: {
    of: 'hessian',
    formula: () => '2/η - pull - weight decay',
    source: 'gradient descent with a pull towards zero; PyTorch ASGD',
    curvature: (s, rate) => 2 / rate - asgdPull(s),
    rate: (s, curvature) => 2 / (curvature + asgdPull(s)),
    growth: (s, rate, curvature) => Math.abs(1 - rate * (curvature + asgdPull(s))),
    firstStep: () => 0,
  },
};

/** The stability limit of one optimizer with its settings bound. Rates and curvatures are positive. */
export interface StabilityLimit {
  readonly of: 'hessian' | 'preconditioned';
  /** λ at the limit, for messages. */
  readonly formula: string;
  readonly source: string;
  /** λ at the limit for rate η; at or below 0 when the decay alone is unstable. */
  readonly curvature: (rate: number) => number;
  /** η at the limit for curvature λ > 0; infinite when nothing curves. */
  readonly rate: (curvature: number) => number;
  /** Growth per step at rate η on curvature λ: above 1 it diverges. */
  readonly growth: (rate: number, curvature: number) => number;
  /** Steps before this one are not judged; infinite when none is. */
  readonly firstStep: number;
}

/** The row of the table that belongs to `optimizer`, with its settings bound; null for LBFGS, whose step follows the curvature itself, and for Rprop, which sees signs alone. */
export function limitFor(optimizer: Optimizer): StabilityLimit | null {
  switch (optimizer.kind) {
    case 'sgd':
      return bind(limits.sgd, optimizer.settings);
    case 'rmsprop':
      return bind(limits.rmsprop, optimizer.settings);
    case 'adam':
      return bind(limits.adam, optimizer.settings);
    case 'adamw':
      return bind(limits.adamw, optimizer.settings);
    case 'adagrad':
      return bind(limits.adagrad, optimizer.settings);
    case 'lbfgs':
    case 'rprop':
      return null;
    case 'adadelta':
      return bind(limits.adadelta, optimizer.settings);
    case 'adamax':
      return bind(limits.adamax, optimizer.settings);
    case 'nadam':
      return bind(limits.nadam, optimizer.settings);
    case 'radam':
      return bind(limits.radam, optimizer.settings);
    case 'asgd':
      return bind(limits.asgd, optimizer.settings);
  }
}

function bind<K extends OptimizerKind>(row: LimitRow<K>, settings: OptimizerSettings[K]): StabilityLimit {
  return {
    of: row.of,
    formula: row.formula(settings),
    source: row.source,
    curvature: (rate) => row.curvature(settings, rate),
    rate: (curvature) => row.rate(settings, curvature),
    growth: (rate, curvature) => row.growth(settings, rate, curvature),
    firstStep: row.firstStep(settings),
  };
}

/**
 * Rate at the limit of SGD with momentum on minibatches: 2 / [ λ/(1+μ) + c/(λ(1-μ)) ] with
 * c = E_B‖H_B v1‖² - λ². Exact in one dimension, up to 30 % cautious otherwise.
 */
export function minibatchRateLimit(curvature: number, momentum: number, batchVariance: number): number {
  return 2 / (curvature / (1 + momentum) + batchVariance / (curvature * (1 - momentum)));
}

/** Momentum of an optimizer as heavy ball has it: μ, or β1 for the Adam family. */
export function momentumOf(optimizer: Optimizer): number {
  switch (optimizer.kind) {
    case 'sgd':
    case 'rmsprop':
      return optimizer.settings.momentum.value;
    case 'adam':
    case 'adamw':
    case 'adamax':
    case 'nadam':
    case 'radam':
      return optimizer.settings.beta1.value;
    case 'adagrad':
    case 'adadelta':
    case 'asgd':
    case 'lbfgs':
    case 'rprop':
      return 0;
  }
}

/** What λ is, in words, for messages. */
export const curvatureWords = (limit: StabilityLimit): string =>
  limit.of === 'hessian' ? 'largest Hessian eigenvalue' : 'largest eigenvalue of the preconditioned Hessian';
