import type { Reason, SourceRange } from '../../records/source';
import { passing } from '../values/origin';
import type { ClassValue, FunctionValue, InstanceValue, Value } from '../values/value';
import { booleanValue, listValue, none, numberValue, parameterOf, stringValue, unknown, unreadable } from '../values/value';
import { Scope } from '../values/scope';
import { evaluate, join } from './expressions';
import { findMember, isModule, libraryBases, lineage } from './classes';
import { spoil } from './entries';
import { noteHeld } from './heldFunctions';
import type { Call, Method } from './call';
import { plainCall } from './call';
import { maximumDepth, notKnown } from './machine';
import { carriedRows, fromOutside, hasOnlyPlain, isOutside, noRows, partOfOutside } from './outsideRows';
import { runBlock } from './statements';
import { libraryFunction } from '../vocabulary/library';
import { libraryMethod } from '../vocabulary/libraryMethods';
import { applyKeras, isKerasInstance, noteEnds } from '../vocabulary/keras/graph';
import { callLoss } from '../vocabulary/keras/lossCalls';
import { beginSchedule, finishSchedule, isOwnSchedule } from '../vocabulary/training/ownSchedules';
import { applyModule } from '../vocabulary/layers/modules';
import { namedTupleOf, ownDictionary } from '../vocabulary/python/collections';
import { callPartial } from '../vocabulary/python/plainMethods';
import { calledTransform } from '../vocabulary/rows/transforms';
import { isTensorLike, opaqueOperation } from './tensors';
import { isOwnLoader } from '../vocabulary/rows/ownLoaders';

/** The value that a call gives. */
export function callValue(m: Call['machine'], callee: Value, call: Call): Value {
  m.tick();
  switch (callee.kind) {
    case 'function':
      return callFunction(callee, call);
    case 'class':
      return instantiate(callee, call);
    case 'external':
      return callExternal(callee.path, call);
    case 'bound':
      return callMethod(callee.receiver, callee.name, call);
    case 'layer':
    case 'container':
      return applyModule(callee, call);
    case 'instance': {
      const own = findMember(callee.type, '__call__');
      if (own?.kind === 'function') return callFunction({ ...own, self: callee }, call);
      if (isKerasInstance(callee)) return applyKeras(callee, call);
      return isModule(callee) ? applyModule(callee, call) : unknown;
    }
    case 'kerasLayer':
    case 'kerasModel':
      return applyKeras(callee, call);
    case 'namespace':
      if (callee.entries.has('__kerasLoss')) return callLoss(callee, call);
      return calledTransform(callee, call) ?? namedTupleOf(callee, call) ?? callPartial(callee, call);
    case 'unknown':
      return throughUnknown(callee, call);
    case 'inert':
      return { kind: 'inert', path: `${callee.path}()` };
    default:
      return unknown;
  }
}

/** An unknown function on tensors is an operation that only its place is known of. */
function throughUnknown(callee: Value & { readonly kind: 'unknown' }, call: Call): Value {
  if (isOutside(callee))
    return hasOnlyPlain(call) ? callee : callee.outside.prepares ? carriedRows(partOfOutside(callee), call) : noRows(callee);
  const tensors = call.positional.map((a) => a.value).filter((v) => v.kind === 'tensor');
  if (tensors.length > 0 && callee.reason === null) return opaqueOperation(call.machine, 'this call', tensors, call.range);
  return callee;
}

function callExternal(path: string, call: Call): Value {
  const handler = libraryFunction(path);
  if (handler) return carriedRows(handler(call), call);
  const tensors = call.positional.map((a) => a.value).filter(isTensorLike);
  if (tensors.some((t) => t.kind === 'tensor')) return opaqueOperation(call.machine, path, tensors, call.range);
  const reason = notKnown(path, call.range);
  const made: Value = { kind: 'unknown', reason };
  if (hasOnlyPlain(call)) return preparesData.test(path) ? preparing(reason) : fromOutside(reason);
  return preparesData.test(path) ? carriedRows(made, call) : made;
}

/** A transformer of rows that is not known: what its methods make of rows are rows. */
function preparing(reason: Reason): Value {
  const made = fromOutside(reason);
  return { ...made, outside: { ...made.outside, prepares: true } };
}

/** Libraries that read and prepare data, and have no models. */
const preparesData =
  /^(cv2|PIL|skimage|scipy|librosa|imageio|soundfile|h5py|nltk|numpy|pandas|sklearn\.(preprocessing|feature_extraction|model_selection|utils|decomposition|impute|compose|feature_selection|manifold|covariance|random_projection|kernel_approximation)|os|glob|json|pickle|joblib|csv|re|random|math)\./;

/** What changes rows of data that it is given: scalers, encoders and the like. */
const changesRows: ReadonlySet<Value['kind']> = new Set<Value['kind']>(['scaler', 'encoder', 'namespace', 'array', 'inert']);

const ofMethod = (method: Method, receiver: Value, call: Call): Value =>
  changesRows.has(receiver.kind)
    ? carriedRows(method(receiver, call), call, receiver.kind === 'array' ? [receiver] : [])
    : method(receiver, call);

/** `inplace=` with anything but a plain False. */
const isInPlace = (call: Call): boolean => {
  const given = call.keywords.get('inplace')?.value;
  return given !== undefined && !(given.kind === 'boolean' && !given.value);
};

/** A method of a library value, or of an instance whose class has it. */
export function callMethod(receiver: Value, name: string, call: Call): Value {
  const method = libraryMethod(receiver, name);
  if (method) {
    const made = ofMethod(method, receiver, call);
    // A table that is changed in place in a way that is not read is not what it was.
    if (receiver.kind === 'array' && made.kind === 'unknown' && isInPlace(call))
      spoil(call.machine, receiver, made.reason ?? notKnown(`.${name}()`, call.range));
    return made;
  }
  if (receiver.kind === 'unknown') {
    if (name === 'backward')
      call.machine.record(call.range, {
        kind: 'backward',
        loss: null,
        reason: receiver.reason ?? { text: 'This loss could not be read', range: call.range },
      });
    return receiver;
  }
  if (receiver.kind === 'inert') return receiver;
  const changed = name.endsWith('_') ? parameterOf(receiver) : null;
  if (changed) changed.unread ??= { text: `A parameter that \`.${name}()\` changes is not read`, range: call.range };
  if (receiver.kind === 'tensor' && name.endsWith('_'))
    receiver.node.fault = { text: `\`.${name}()\` is not read`, range: call.range };
  if (receiver.kind === 'array' && (name.endsWith('_') || call.keywords.has('inplace')))
    receiver.fault = { text: `\`.${name}()\` is not read`, range: call.range };
  if (receiver.kind === 'tensor')
    return opaqueOperation(call.machine, `.${name}()`, [receiver, ...call.positional.map((a) => a.value)], call.range);
  return { kind: 'unknown', reason: notKnown(`.${name}()`, call.range) };
}

/** The call with what a command line gives, when the script gives nothing itself. */
function fromCommandLine(callee: FunctionValue, call: Call): Call {
  const { command } = callee;
  if (!command || call.positional.length > 0) return call;
  return { ...call, positional: command.positional, keywords: new Map([...command.named, ...call.keywords]) };
}

/** Calls a function of the script with its own scope. */
export function callFunction(callee: FunctionValue, given: Call): Value {
  const call = fromCommandLine(callee, given);
  const m = call.machine;
  if (m.callStack.length >= maximumDepth) return unreadable('Calls are nested too deeply to follow', call.range);
  if (callee.node) m.entered.add(callee.node);
  const scope = new Scope(callee.scope, callee.scope.path);
  bindParameters(callee, call, scope);
  if (!Array.isArray(callee.body)) return evaluate(m, scope, callee.body as Parameters<typeof evaluate>[2]);
  const noGrad = withoutGradients(callee) ? 1 : 0;
  m.noGradDepth += noGrad;
  m.callStack.push(callee);
  m.yields.push([]);
  m.yieldsFrom.push(m.loops.length);
  const maybe: Value[] = [];
  const completion = runBlock(m, scope, callee.body as Parameters<typeof runBlock>[2], maybe);
  m.callStack.pop();
  m.noGradDepth -= noGrad;
  const yielded = m.yields.pop() ?? [];
  m.yieldsFrom.pop();
  if (yielded.length > 0) return generatorOf(yielded);
  const last = completion.kind === 'return' ? completion.value : none;
  if (completion.kind === 'raise') return maybe.length > 0 ? maybe.reduce(joinReturns) : unknown;
  return maybe.reduce(joinReturns, last);
}

/** What a function that yields gives: batches of rows stand for all of them, plain values are kept. */
const generatorOf = (yielded: Value[]): Value => {
  const first = yielded[0] ?? unknown;
  if (first.kind === 'batches') return first;
  const rows = first.kind === 'tensor' || (first.kind === 'list' && first.items.some((item) => item.kind === 'tensor'));
  return rows && yielded.length === 1 ? { kind: 'batches', item: first } : listValue(yielded);
};

/** `@torch.no_grad()`. */
const withoutGradients = (callee: FunctionValue): boolean =>
  (callee.node?.decorators ?? []).some((d) => {
    const name = d.kind === 'call' ? d.callee : d;
    return name.kind === 'attribute' && (name.name === 'no_grad' || name.name === 'inference_mode');
  });

/** Values returned on different ways; one that only says "nothing" yields to the other. */
function joinReturns(a: Value, b: Value): Value {
  if (a.kind === 'none') return b;
  return b.kind === 'none' ? a : join(a, b);
}

/** Binds arguments to parameters as Python does; what is missing is unknown, with the parameter's place. */
function bindParameters(callee: FunctionValue, call: Call, scope: Scope): void {
  const positional = [...call.positional];
  if (callee.self) positional.unshift({ value: callee.self, range: call.name });
  const used = new Set<string>();
  let position = 0;
  for (const parameter of callee.parameters) {
    if (parameter.star === '*') {
      scope.variables.set(
        parameter.name,
        listValue(
          positional.slice(position).map((a) => a.value),
          'tuple',
        ),
      );
      position = positional.length;
      continue;
    }
    if (parameter.star === '**') {
      const rest = [...call.keywords].filter(([name]) => !used.has(name));
      scope.variables.set(parameter.name, { kind: 'dict', entries: new Map(rest.map(([name, a]) => [name, a.value])) });
      continue;
    }
    const keyword = call.keywords.get(parameter.name);
    const given = keyword ?? (parameter.star === 'only' ? undefined : positional[position++]);
    used.add(parameter.name);
    const value = given?.value ?? callee.defaults.get(parameter.name) ?? missing(parameter.name, parameter.range);
    noteHeld(call.machine, parameter.name, value);
    scope.variables.set(parameter.name, passing(value, parameter.range));
  }
}

const missing = (name: string, range: SourceRange): Value =>
  unreadable(`The value of the parameter \`${name}\` is not given`, range);

/** Makes an instance of a class of the script and runs its `__init__`. */
function instantiate(type: ClassValue, call: Call): Value {
  const m = call.machine;
  const instance: InstanceValue = {
    kind: 'instance',
    type,
    fields: new Map(),
    range: call.range,
    training: true,
    buffers: new Set(),
  };
  const init = findMember(type, '__init__');
  if (libraryBases(type).includes('builtins.dict')) return ownDictionary(call);
  const schedules = isOwnSchedule(instance);
  if (schedules) beginSchedule(instance, call);
  if (init?.kind === 'function') callFunction({ ...init, self: instance }, call);
  if (schedules) finishSchedule(instance, call);
  // An object of the script's own class of loaders yields what the loader yields.
  if (init?.kind === 'function') return (isOwnLoader(instance) ? instance.fields.get('__loader') : null) ?? instance;
  if (isKerasInstance(instance)) noteEnds(instance, call);
  const fields = dataclassFields(type);
  if (fields) {
    fields.forEach((name, i) => {
      const value = call.keywords.get(name)?.value ?? call.positional[i]?.value ?? findMember(type, name) ?? unknown;
      instance.fields.set(name, value);
    });
    const after = findMember(type, '__post_init__');
    if (after?.kind === 'function') callFunction({ ...after, self: instance }, plainCall(call, []));
    return instance;
  }
  if (isEnum(type)) return call.positional[0]?.value ?? unknown;
  if (isSettings(type)) {
    keepSettings(type, instance, call);
    return instance;
  }
  m.tick();
  return instance;
}

function dataclassFields(type: ClassValue): readonly string[] | null {
  const inherited = type.bases.flatMap((base) => (base.kind === 'class' ? (dataclassFields(base) ?? []) : []));
  return type.fields ? [...new Set([...inherited, ...type.fields])] : null;
}

const settingsBases = new Set(['pydantic.BaseModel', 'pydantic.BaseSettings', 'pydantic_settings.BaseSettings', 'tap.Tap']);

/** A class of a settings library: its annotated fields are its arguments. */
const isSettings = (type: ClassValue): boolean => libraryBases(type).some((path) => settingsBases.has(path));

function keepSettings(type: ClassValue, instance: InstanceValue, call: Call): void {
  for (const one of [...lineage(type)].reverse())
    for (const [name, value] of one.members)
      if (value.kind !== 'function') instance.fields.set(name, call.keywords.get(name)?.value ?? value);
  for (const [name, a] of call.keywords) instance.fields.set(name, a.value);
}

const isEnum = (type: ClassValue): boolean => type.bases.some((b) => b.kind === 'external' && b.path.startsWith('enum.'));

export const plainValue = (value: number | boolean | string): Value =>
  typeof value === 'number' ? numberValue(value) : typeof value === 'boolean' ? booleanValue(value) : stringValue(value);
