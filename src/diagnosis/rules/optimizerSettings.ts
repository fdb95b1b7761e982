import type { Finding, Severity } from '../../records/finding';
import type { Optimizer } from '../../records/optimizer';
import type { Sourced } from '../../records/source';
import { fastDecayVerdict } from '../fastDecay';
import { chainOf, finding } from '../finding';
import { penaltyVerdict } from '../penalties';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided } from '../rule';
import { throttleVerdict } from '../throttles';
import { amount } from '../words';

/** Settings that cannot work, or that PyTorch refuses. */
export const optimizerSettings = {
  id: 'optimizer-settings',
  tier: 0,
  severity: 'error',
  title: 'A setting of the optimizer cannot work.',
  explanation: `Settings outside of what the method allows: a learning rate of 0 or below, momentum or a decay of averages (β, α) of 1
or above, an ε below 0, Nesterov without momentum or with dampening (PyTorch refuses it), a decay so strong that η·ω
exceeds 2.

As information: dampening without momentum (PyTorch ignores it), a weight decay of 1 or above, an ε of .1 or above in an
adaptive optimizer (it then acts much like plain gradient descent).

As a warning, where more than half of the loss is left and a re-run from the start with a usual value falls more than twice as far
on two seeds: gradients clipped below .1, a weight decay of .02 and above (.3 for AdamW), β1 of .98 and above, an ε of .1 and above. A penalty on weights of .05 and above in the loss itself (Keras's regularizers), where a usual
one answers a tenth of the rows more right. A step or exponential decay that takes the rate below a thousandth by half of the run, where
a decay to a hundredth over the whole run is clearly better or gets twice as far.

**How it is found.** Read from the call, and tried. Adam's usual rates are never judged by their size alone.

**No fault:** strong decay or clipping that the run bears.`,
  detect,
} as const satisfies Rule;

interface Fault {
  readonly severity: Severity;
  readonly at: Sourced<number> | Sourced<boolean>;
  readonly name: string;
  readonly words: string;
}

function detect(e: Evidence): Outcome {
  const { optimizer } = e.experiment;
  if (optimizer === null) return undecided('an optimizer that can be read');
  const faults = [...common(optimizer), ...own(optimizer)];
  if (faults.some(({ severity }) => severity === 'error')) return found(...faults.map(toFinding));
  // A setting that is only unusual is told beside nothing else: a re-run says more.
  const throttled = throttleVerdict(e);
  if (throttled.kind !== 'passed') return throttled;
  const penalised = penaltyVerdict(e);
  if (penalised.kind !== 'passed') return penalised;
  const decayed = fastDecayVerdict(e);
  if (decayed.kind !== 'passed') return decayed;
  return faults.length === 0 ? passed : found(...faults.map(toFinding));
}

const toFinding = ({ severity, at, name, words }: Fault): Finding =>
  finding('optimizer-settings', severity, at.place, `${words} Read from the code.`, {
    related: chainOf<number | boolean>(at, name),
  });

function common(optimizer: Optimizer): Fault[] {
  const { learningRate } = optimizer;
  if (learningRate.value < 0)
    return [
      {
        severity: 'error',
        at: learningRate,
        name: 'the learning rate',
        words: 'A negative learning rate climbs the loss; PyTorch refuses it.',
      },
    ];
  if (learningRate.value === 0)
    return [
      {
        severity: 'error',
        at: learningRate,
        name: 'the learning rate',
        words: 'With a learning rate of 0 no parameter changes.',
      },
    ];
  return decayFaults(optimizer);
}

function decayFaults(optimizer: Optimizer): Fault[] {
  if (optimizer.kind !== 'sgd' && optimizer.kind !== 'adamw') return mildDecay(optimizer.settings.weightDecay);
  const { weightDecay } = optimizer.settings;
  const product = optimizer.learningRate.value * weightDecay.value;
  if (product > 2)
    return [
      {
        severity: 'error',
        at: weightDecay,
        name: 'the weight decay',
        words: `Rate times weight decay is ${amount(product)}: above 2 the decay alone makes the parameters grow.`,
      },
    ];
  return mildDecay(weightDecay);
}

const mildDecay = (weightDecay: Sourced<number>): Fault[] =>
  weightDecay.value >= 1
    ? [
        {
          severity: 'information',
          at: weightDecay,
          name: 'the weight decay',
          words: `A weight decay of ${amount(weightDecay.value)} is far above the usual 0 to 0.1; it may outweigh the loss.`,
        },
      ]
    : [];

function own(optimizer: Optimizer): Fault[] {
  switch (optimizer.kind) {
    case 'sgd': {
      const { momentum, dampening, nesterov } = optimizer.settings;
      const faults = averaging(momentum, 'the momentum');
      if (nesterov.value && (momentum.value === 0 || dampening.value !== 0))
        faults.push({
          severity: 'error',
          at: nesterov,
          name: 'nesterov',
          words: 'PyTorch allows Nesterov only with momentum above 0 and without dampening.',
        });
      else if (dampening.value !== 0 && momentum.value === 0)
        faults.push({
          severity: 'information',
          at: dampening,
          name: 'the dampening',
          words: 'PyTorch ignores dampening while the momentum is 0.',
        });
      return faults;
    }
    case 'rmsprop':
      return [
        ...averaging(optimizer.settings.momentum, 'the momentum'),
        ...averaging(optimizer.settings.alpha, 'alpha'),
        ...epsilonFaults(optimizer.settings.epsilon),
      ];
    case 'adam':
    case 'adamw':
    case 'adamax':
    case 'nadam':
    case 'radam':
      return [
        ...averaging(optimizer.settings.beta1, 'β1'),
        ...averaging(optimizer.settings.beta2, 'β2'),
        ...epsilonFaults(optimizer.settings.epsilon),
      ];
    case 'adagrad':
      return epsilonFaults(optimizer.settings.epsilon);
    case 'lbfgs':
    case 'asgd':
    case 'rprop':
      return [];
    case 'adadelta':
      return averaging(optimizer.settings.rho, 'rho');
  }
}

function averaging(at: Sourced<number>, name: string): Fault[] {
  if (at.value >= 1)
    return [
      {
        severity: 'error',
        at,
        name,
        words: `At 1 or above, ${name} = ${amount(at.value)} never forgets: the average grows without bound or never moves.`,
      },
    ];
  if (at.value < 0) return [{ severity: 'error', at, name, words: `A negative value of ${name} is not allowed.` }];
  return [];
}

function epsilonFaults(at: Sourced<number>): Fault[] {
  if (at.value < 0) return [{ severity: 'error', at, name: 'epsilon', words: 'A negative epsilon is not allowed.' }];
  return at.value >= 0.1
    ? [
        {
          severity: 'information',
          at,
          name: 'epsilon',
          words: `An epsilon of ${amount(at.value)} outweighs most gradients, so the optimizer hardly adapts.`,
        },
      ]
    : [];
}
