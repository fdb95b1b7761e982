import { placedAt } from '../../../syntax/placed';
import type { Argument, Call, Handler } from '../../../interpret/call';
import { callFunction } from '../../../interpret/calls';
import { runBlock } from '../../../interpret/statements';
import { booleanValue, listValue, numberValue, unreadable, type Value } from '../../../values/value';
import { Scope } from '../../../values/scope';
import type { FunctionTable } from '../../functionTable';
import { allParameters, asModule } from '../modules';
import { alexNet, mobileNets, residualNets, vggNets } from './architectures';

/** A family's Python, and what its `build` is called with for one of its models. */
interface Entry {
  readonly family: string;
  readonly text: string;
  readonly settings: readonly Value[];
}

const depths = (...numbers: number[]): Value => listValue(numbers.map((n) => numberValue(n, true)));
const residual = (bottleneck: boolean, ...numbers: number[]): Entry => ({
  family: 'resnet',
  text: residualNets,
  settings: [booleanValue(bottleneck), depths(...numbers)],
});

/** Widths of the convolutions; 0 stands for a pooling. */
const vggWidths: Readonly<Record<string, readonly number[]>> = {
  vgg11: [64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0],
  vgg13: [64, 64, 0, 128, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0],
  vgg16: [64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0],
  vgg19: [64, 64, 0, 128, 128, 0, 256, 256, 256, 256, 0, 512, 512, 512, 512, 0, 512, 512, 512, 512, 0],
};

const vgg = (name: string, norm: boolean): Entry => ({
  family: 'vgg',
  text: vggNets,
  settings: [depths(...(vggWidths[name] ?? [])), booleanValue(norm)],
});

const entries: Readonly<Record<string, Entry>> = {
  resnet18: residual(false, 2, 2, 2, 2),
  resnet34: residual(false, 3, 4, 6, 3),
  resnet50: residual(true, 3, 4, 6, 3),
  resnet101: residual(true, 3, 4, 23, 3),
  resnet152: residual(true, 3, 8, 36, 3),
  ...Object.fromEntries(
    Object.keys(vggWidths).flatMap((name) => [
      [name, vgg(name, false)],
      [`${name}_bn`, vgg(name, true)],
    ]),
  ),
  mobilenet_v2: { family: 'mobilenetv2', text: mobileNets, settings: [] },
  alexnet: { family: 'alexnet', text: alexNet, settings: [] },
};

/** Arguments that ask for weights from the internet. */
function wantsWeights(call: Call): boolean {
  const given = call.keywords.get('weights') ?? call.keywords.get('pretrained') ?? call.positional[0];
  const { kind } = given?.value ?? { kind: 'none' };
  return given !== undefined && kind !== 'none' && !(given.value.kind === 'boolean' && !given.value.value);
}

const followed = new Set(['weights', 'pretrained', 'progress', 'num_classes', 'dropout']);

/** Builds a model of the catalogue as modules of PyTorch. */
function build(name: string, entry: Entry, call: Call): Value {
  const m = call.machine;
  const odd = [...call.keywords.keys()].find((key) => !followed.has(key));
  if (call.unclear) return { kind: 'unknown', reason: call.unclear };
  if (odd !== undefined) return unreadable(`\`${odd}\` of torchvision's ${name} is not read`, call.range);
  const script = m.parser.parse(`torchvision/${entry.family}`, entry.text);
  const scope = new Scope(null, call.range.path);
  runBlock(m, scope, placedAt(script.body, call.range), []);
  const maker = scope.variables.get('build');
  if (maker?.kind !== 'function') return unreadable(`torchvision's ${name} is not read`, call.range);
  const positional = entry.settings.map((value): Argument => ({ value, range: call.range }));
  const keywords = new Map([...call.keywords].filter(([key]) => key === 'num_classes' || key === 'dropout'));
  const model = callFunction(maker, { ...call, positional, keywords, unclear: null });
  const module = asModule(model);
  if (!module) return model;
  for (const { cell } of allParameters(module)) {
    cell.isDefault = true;
    if (wantsWeights(call))
      cell.unread = {
        text: `The pretrained weights of torchvision's ${name} are not at hand, so that it is not run. What is said comes from the text and the data`,
        range: call.range,
      };
  }
  return model;
}

/** The models that are built; all others of torchvision are named with their size. */
export const catalogueTable: FunctionTable = Object.fromEntries(
  Object.entries(entries).map(([name, entry]): [string, Handler] => [
    `torchvision.models.${name}`,
    (call) => build(name, entry, call),
  ]),
);
