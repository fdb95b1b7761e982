import type { Arguments, Call } from '../../interpret/call';
import { listValue, numberValue, unknown, type Value } from '../../values/value';

/** Epochs that a history lists one by one. */
const longest = 2_000;

/** `nb_epoch` of Keras 1 is `epochs`. */
export function withEpochs(call: Call): Call {
  const count = call.keywords.get('nb_epoch');
  return count ? { ...call, keywords: new Map([...call.keywords, ['epochs', count] as const]) } : call;
}

const usesEpochNumber = (value: Value | null): boolean =>
  value?.kind === 'list'
    ? value.items.some(usesEpochNumber)
    : value?.kind === 'namespace' && value.call !== undefined && nameOf(value) === 'LearningRateScheduler';

const nameOf = (value: Value & { readonly kind: 'namespace' }): string | null => {
  const name = value.entries.get('__kerasCallback');
  return name?.kind === 'string' ? name.value : null;
};

/** The epochs that `fit` makes: `epochs` is the number at which they end, `initial_epoch` the one before which they began. */
export function epochsOf(a: Arguments, call: Call): Value {
  const epochs = a.value('epochs') ?? { ...numberValue(1, true), origin: { place: call.name, chain: [] } };
  const before = a.given('initial_epoch') ? a.number('initial_epoch', 0) : 0;
  if (before === 0 || epochs.kind !== 'number') return epochs;
  if (usesEpochNumber(a.value('callbacks'))) a.reject('initial_epoch', '`initial_epoch` is not followed beside a schedule');
  return { ...epochs, value: Math.max(0, epochs.value - before) };
}

/** What `fit` returns: the numbers of its epochs; its curves are not known before the run. */
export function historyOf(a: Arguments, call: Call): Value {
  const epochs = a.value('epochs') ?? numberValue(1, true);
  const first = a.given('initial_epoch') ? a.number('initial_epoch', 0) : 0;
  const known = epochs.kind === 'number' && epochs.value - first <= longest;
  const items = known ? Array.from({ length: Math.max(0, epochs.value - first) }, (_, i) => numberValue(first + i, true)) : [];
  return {
    kind: 'namespace',
    entries: new Map<string, Value>([
      ['epoch', known ? listValue(items) : unknown],
      ['history', { kind: 'inert', path: 'keras.History' }],
      ['params', { kind: 'inert', path: 'keras.History' }],
      ['model', { kind: 'inert', path: 'keras.History' }],
    ]),
    missing: '`%` of a history is not read',
    call,
  };
}
