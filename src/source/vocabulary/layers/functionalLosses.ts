import type { Layers } from '../../../records/model/layers';
import { Arguments } from '../../interpret/call';
import { graphOperation, tensorBinary } from '../../interpret/tensors';
import { isOutside, nodeFromOutside, orImported } from '../../interpret/outsideRows';
import { none, tensorValue, unknown, type Value } from '../../values/value';
import { writtenNumbers, type Loss } from './lossArguments';
import { losses } from './losses';
import type { TensorOperation } from '../tensors/tensorOperation';

/** A loss as a function of its tensors. */
function asOperation({ names, others = 'target', weighs, step }: Loss): TensorOperation {
  return {
    names: `${others} ${names}`,
    run: (x, a) => {
      const m = a.call.machine;
      const factor = weighs && a.given('weight') ? a.value('weight') : null;
      const isTensor = factor !== null && writtenNumbers(m, factor) === null;
      const { kind, arguments: args } = step(isTensor ? without(a, 'weight') : a);
      if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
      const target = (value: Value | null): Value => {
        const given = orImported(value ?? unknown, a.call.range);
        return isOutside(given) ? tensorValue(nodeFromOutside(m, given)) : given;
      };
      const inputs = [x, ...others.split(' ').map((name) => target(a.value(name)))];
      if (!isTensor) return graphOperation(m, kind, args, inputs, a.call.range);
      // Weights that the script computes: each entry's loss times its own, and then the sum or mean.
      const { reduction } = args as Layers['bce'];
      const entries = graphOperation(m, kind, { ...args, reduction: 'none' } as Layers['bce'], inputs, a.call.range);
      const weighted = tensorBinary(m, '*', entries, factor, a.call.range);
      return reduction === 'none'
        ? weighted
        : graphOperation(m, reduction, { axes: null, keep: false }, [weighted], a.call.range);
    },
  };
}

/** The same arguments with None for `name`. */
function without(a: Arguments, name: string): Arguments {
  const argument = a.argument(name);
  const bare = { value: none, range: a.range(name) };
  const positional = a.call.positional.map((given) => (given === argument ? bare : given));
  const keywords = new Map([...a.call.keywords].map(([key, given]) => [key, given === argument ? bare : given]));
  return new Arguments({ ...a.call, positional, keywords }, a.names);
}

/** The losses by their names in torch.nn.functional. */
export const lossOperations: Readonly<Record<string, TensorOperation>> = Object.fromEntries(
  losses.map((loss) => [loss.functionName, asOperation(loss)]),
);
