import type { Optimizer, OptimizerSettings } from '../records/optimizer';
import { limitFor } from './limits';

/**
 * Growth per step of the distance from a saddle along curvature ≤ 0 of the loss that is trained, an L2 term included (of P⁻¹H where the
 * optimizer preconditions, with P frozen): the larger root of its recurrence, for heavy ball of z² - (1+μ+η|λ|)z + μ = 0. Null where
 * no factor holds from step to step: L-BFGS, Rprop, Adadelta.
 */
export function escapeGrowth(optimizer: Optimizer, rate: number, curvature: number): number | null {
  const limit = limitFor(withoutCoupledDecay(optimizer));
  return limit === null || limit.firstStep === Infinity ? null : limit.growth(rate, Math.min(0, curvature));
}

/** The curvature has the L2 term in it already. */
function withoutCoupledDecay(optimizer: Optimizer): Optimizer {
  const zero = { ...optimizer.settings.weightDecay, value: 0 };
  if (optimizer.kind === 'sgd') return { ...optimizer, settings: { ...optimizer.settings, weightDecay: zero } };
  if (optimizer.kind === 'asgd') return { ...optimizer, settings: { ...optimizer.settings, weightDecay: zero } };
  return optimizer;
}

/** What one parameter sees on the way out of a saddle. */
export interface EscapePath {
  readonly rate: number;
  /** Gradient over distance, ≤ 0: the Hessian's curvature along the way, or with a memory that of P⁻¹H times this parameter's P. */
  readonly slope: number;
  /** Distances of this parameter: where it stands, and where the saddle is left. */
  readonly from: number;
  readonly to: number;
  /** Of an adaptive optimizer: its P of this parameter and the steps it was gathered over; null for a fresh one. */
  readonly memory: { readonly scale: number; readonly steps: number } | null;
}

/** Steps after which the simulation gives up. */
const mostSteps = 1_000_000;

/**
 * Steps from the one distance to the other on the quadratic model, infinite where it never comes there. Plain steps: ln(to/from)/ln z.
 * Adaptive ones are simulated with their second moment alive: gradients that grow raise it, so that steps stay about η long and a
 * frozen P would promise a way out many times too short. Null where nothing foretells the pace.
 */
export function escapeSteps(optimizer: Optimizer, path: EscapePath): number | null {
  const { from, to, slope, rate } = path;
  if (from >= to) return 0;
  const step = adaptiveStep(optimizer, path);
  if (step === null) {
    const growth = escapeGrowth(optimizer, rate, slope);
    if (growth === null) return null;
    return from > 0 && growth > 1 ? Math.log(to / from) / Math.log(growth) : Infinity;
  }
  if (!(from > 0) || !(slope < 0)) return Infinity;
  let x = from;
  for (let taken = 1; taken <= mostSteps; taken++) {
    const next = x + step(-slope * x, taken);
    if (next >= to) return taken;
    if (!(next > 0)) return Infinity;
    x = next;
  }
  return Infinity;
}

/** The move for a gradient of that size, `t` steps from here on. */
type Step = (gradient: number, t: number) => number;

/** The update of an adaptive optimizer with what it remembers; null for one without a second moment. */
function adaptiveStep(optimizer: Optimizer, path: EscapePath): Step | null {
  switch (optimizer.kind) {
    case 'adam':
    case 'adamw':
    case 'nadam':
    case 'radam':
    case 'adamax':
      return momentsStep(optimizer, path);
    case 'rmsprop':
      return rmspropStep(optimizer.settings, path);
    case 'adagrad':
      return adagradStep(optimizer.settings, path);
    case 'sgd':
    case 'asgd':
    case 'adadelta':
    case 'lbfgs':
    case 'rprop':
      return null;
  }
}

/** √v of a memory, without its ε. */
const rootOf = ({ memory }: EscapePath, epsilon: number): number => (memory ? Math.max(0, memory.scale - epsilon) : 0);

type MomentsOptimizer = Extract<Optimizer, { readonly kind: 'adam' | 'adamw' | 'nadam' | 'radam' | 'adamax' }>;

function momentsStep(optimizer: MomentsOptimizer, path: EscapePath): Step {
  const { beta1, beta2, epsilon } = valuesOf(optimizer.settings);
  const before = path.memory?.steps ?? 0;
  const root = optimizer.kind === 'radam' ? rectifiedRoot(path, beta2) : rootOf(path, optimizer.kind === 'adamax' ? 0 : epsilon);
  let mean = path.memory ? -path.slope * path.from * (1 - beta1 ** before) : 0;
  let second = root ** 2 * (1 - beta2 ** before);
  let largest = root;
  const { momentum, product } = nesterovMomenta(optimizer, before);
  let done = product;
  return (gradient, taken) => {
    const t = before + taken;
    mean = beta1 * mean + (1 - beta1) * gradient;
    second = beta2 * second + (1 - beta2) * gradient ** 2;
    largest = Math.max(beta2 * largest, gradient + epsilon);
    const corrected = mean / (1 - beta1 ** t);
    const scale = Math.sqrt(second / (1 - beta2 ** t)) + epsilon;
    switch (optimizer.kind) {
      case 'adamax':
        return (path.rate * corrected) / largest;
      case 'radam': {
        const part = rectification(beta2, t);
        return path.rate * corrected * (part === null ? 1 : part / scale);
      }
      case 'nadam': {
        done *= momentum(t);
        const ahead = (momentum(t + 1) * mean) / (1 - done * momentum(t + 1));
        return (path.rate * (((1 - momentum(t)) * gradient) / (1 - done) + ahead)) / scale;
      }
      default:
        return (path.rate * corrected) / scale;
    }
  };
}

const valuesOf = ({ beta1, beta2, epsilon }: OptimizerSettings['adamax']): Record<'beta1' | 'beta2' | 'epsilon', number> => ({
  beta1: beta1.value,
  beta2: beta2.value,
  epsilon: epsilon.value,
});

/** NAdam's momentum of each step, and the product of those that are done (Dozat 2016). */
function nesterovMomenta(
  optimizer: MomentsOptimizer,
  before: number,
): { readonly momentum: (step: number) => number; readonly product: number } {
  const { settings } = optimizer;
  const growth = optimizer.kind === 'nadam' ? optimizer.settings.momentumDecay.value : 0;
  const momentum = (step: number): number => settings.beta1.value * (1 - 0.5 * 0.96 ** (step * growth));
  let product = 1;
  for (let step = 1; step <= before && product > 1e-18; step++) product *= momentum(step);
  return { momentum, product };
}

/** What RAdam multiplies a step over its second moment by; null while that moment's variance is unknown, and steps are plain (Liu and others 2020). */
function rectification(beta2: number, t: number): number | null {
  const most = 2 / (1 - beta2) - 1;
  const length = most - (2 * t * beta2 ** t) / (1 - beta2 ** t);
  if (length <= 5) return null;
  return Math.sqrt(((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length));
}

/** √v of RAdam's memory, whose P has the rectification in it; while steps are plain P tells nothing, and v is the gradient's. */
function rectifiedRoot(path: EscapePath, beta2: number): number {
  if (path.memory === null) return 0;
  const part = rectification(beta2, path.memory.steps);
  return part === null ? -path.slope * path.from : path.memory.scale * part;
}

function rmspropStep(settings: OptimizerSettings['rmsprop'], path: EscapePath): Step {
  const [alpha, epsilon, momentum] = [settings.alpha.value, settings.epsilon.value, settings.momentum.value];
  // What the mean of the gradients holds is not known: as much of the gradient here as its steps let in.
  let mean = path.memory ? -path.slope * path.from * (1 - alpha ** path.memory.steps) : 0;
  let second = rootOf(path, epsilon) ** 2 + (settings.centered.value ? mean ** 2 : 0);
  let velocity = 0;
  return (gradient) => {
    second = alpha * second + (1 - alpha) * gradient ** 2;
    mean = alpha * mean + (1 - alpha) * gradient;
    const spread = settings.centered.value ? second - mean ** 2 : second;
    velocity = momentum * velocity + gradient / (Math.sqrt(Math.max(0, spread)) + epsilon);
    return path.rate * velocity;
  };
}

function adagradStep(settings: OptimizerSettings['adagrad'], path: EscapePath): Step {
  const [epsilon, fade] = [settings.epsilon.value, settings.learningRateDecay.value];
  const before = path.memory?.steps ?? 0;
  // Its P has the rate's fall in it.
  const fallen = 1 + Math.max(0, before - 1) * fade;
  let sum = path.memory ? Math.max(0, path.memory.scale / fallen - epsilon) ** 2 : settings.initialAccumulator.value;
  return (gradient, taken) => {
    sum += gradient ** 2;
    return ((path.rate / (1 + (before + taken - 1) * fade)) * gradient) / (Math.sqrt(sum) + epsilon);
  };
}
