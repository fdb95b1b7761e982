import type { Experiment } from '../../records/experiment';
import type { Optimizer } from '../../records/optimizer';
import type { SourceRange, Sourced } from '../../records/source';

/** What a number in the script decides. */
export type HyperparameterName =
  'learning rate' | 'momentum' | 'β₁' | 'β₂' | 'ε' | 'weight decay' | 'batch size' | 'epochs' | 'steps' | 'seed';

/** A number that decides the training, with every place at which it is written. */
export interface Hyperparameter {
  readonly name: HyperparameterName;
  readonly value: number;
  readonly isDefault: boolean;
  /** The literal that decides it; the call's name for a default. */
  readonly place: SourceRange;
  /** From the definition to the argument in the call. */
  readonly chain: readonly SourceRange[];
  /** All values of a sweep. */
  readonly sweep: readonly number[];
}

/** The hyperparameters of a training unit, in the order in which they matter. */
export function hyperparameters(experiment: Experiment): readonly Hyperparameter[] {
  const list: Hyperparameter[] = [];
  const add = (name: HyperparameterName, sourced: Sourced<number> | null | undefined): void => {
    if (!sourced || typeof sourced.value !== 'number') return;
    const { value, isDefault, place, chain, sweep } = sourced;
    list.push({ name, value, isDefault, place, chain, sweep: sweep ?? [] });
  };
  if (experiment.optimizer) addOptimizer(experiment.optimizer, add);
  add('batch size', experiment.batches?.batchSize);
  add('epochs', experiment.loop?.epochs);
  add('steps', experiment.loop?.steps);
  add('seed', experiment.seed);
  return list;
}

function addOptimizer(optimizer: Optimizer, add: (name: HyperparameterName, sourced: Sourced<number>) => void): void {
  add('learning rate', optimizer.learningRate);
  for (const group of optimizer.groups) if (group.learningRate) add('learning rate', group.learningRate);
  switch (optimizer.kind) {
    case 'sgd':
      add('momentum', optimizer.settings.momentum);
      break;
    case 'adam':
    case 'adamw':
    case 'adamax':
    case 'nadam':
    case 'radam':
      add('β₁', optimizer.settings.beta1);
      add('β₂', optimizer.settings.beta2);
      add('ε', optimizer.settings.epsilon);
      break;
    case 'rmsprop':
      add('momentum', optimizer.settings.momentum);
      add('ε', optimizer.settings.epsilon);
      break;
    case 'lbfgs':
    case 'asgd':
    case 'rprop':
      break;
    case 'adagrad':
    case 'adadelta':
      add('ε', optimizer.settings.epsilon);
      break;
  }
  add('weight decay', optimizer.settings.weightDecay);
}
