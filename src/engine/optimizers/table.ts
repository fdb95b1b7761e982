import type { ElementwiseKind, OptimizerKind, OptimizerOf, OptimizerSettings } from '../../records/optimizer';
import type { Sourced } from '../../records/source';
import { adagrad } from './adagrad';
import { adadelta } from './adadelta';
import { adam, adamw } from './adam';
import { adamax } from './adamax';
import { asgd } from './asgd';
import { nadam } from './nadam';
import { radam } from './radam';
import { rmsprop } from './rmsprop';
import { rprop } from './rprop';
import type { UpdateRule, Values } from './rule';
import { sgd } from './sgd';

/** Every elementwise optimizer's update, typed over all of them: a missing row does not compile. */
const updateRules: { readonly [K in ElementwiseKind]: UpdateRule<K> } = {
  sgd,
  adam,
  adamw,
  rmsprop,
  adagrad,
  adadelta,
  adamax,
  nadam,
  radam,
  asgd,
  rprop,
};

/** The update of optimizer `kind`. */
export function updateRuleOf<K extends ElementwiseKind>(kind: K): UpdateRule<K> {
  return updateRules[kind];
}

/** The settings without their places. */
export function valuesOf<K extends OptimizerKind>(optimizer: OptimizerOf<K>): Values<K> {
  const settings: OptimizerSettings[K] = optimizer.settings;
  const values = Object.entries(settings).map(([name, sourced]: [string, Sourced<unknown>]) => [name, sourced.value]);
  return { ...Object.fromEntries(values), keras: optimizer.form === 'keras' } as Values<K>;
}

/** The settings with momentum (for Adam and AdamW: β1) replaced; unchanged where the optimizer has none. */
export function withMomentum<K extends OptimizerKind>(kind: K, settings: Values<K>, momentum: number): Values<K> {
  const name = momentumNames[kind];
  return name === null ? settings : { ...settings, [name]: momentum };
}

/** What each optimizer calls its momentum. */
const momentumNames: { readonly [K in OptimizerKind]: (keyof OptimizerSettings[K] & string) | null } = {
  sgd: 'momentum',
  adam: 'beta1',
  adamw: 'beta1',
  rmsprop: 'momentum',
  adagrad: null,
  adadelta: null,
  lbfgs: null,
  adamax: 'beta1',
  nadam: 'beta1',
  radam: 'beta1',
  asgd: null,
  rprop: null,
};
