import type { Handler } from '../../interpret/call';
import { booleanValue, none, numberValue, unknown, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { cutFunction } from '../tables/cutting';
import { defaultType } from './precision';

const inert =
  (path: string): Handler =>
  () => ({ kind: 'inert', path });
const nothing: Handler = () => none;

/** Half precision is trained in single precision here. */
const mixedPrecision: Handler = (call) => {
  const enabled = call.keywords.get('enabled')?.value;
  if (!(enabled?.kind === 'boolean' && !enabled.value))
    call.machine.assume('Mixed precision is trained in 32-bit numbers here', call.range);
  return { kind: 'inert', path: 'torch.autocast' };
};

/** Functions that matter for what they are, and change nothing that is read here. */
export const surroundings: FunctionTable = {
  'torch.split': cutFunction('split'),
  'torch.chunk': cutFunction('chunk'),
  'torch.no_grad': inert('torch.no_grad'),
  'torch.inference_mode': inert('torch.inference_mode'),
  'torch.enable_grad': inert('torch.enable_grad'),
  'torch.set_grad_enabled': (call) => {
    const on = call.positional[0]?.value;
    return { kind: 'inert', path: on?.kind === 'boolean' && !on.value ? 'torch.no_grad' : 'torch.enable_grad' };
  },
  'torch.device': (call) => {
    const name = call.positional[0]?.value;
    return name?.kind === 'string' ? name : { kind: 'inert', path: 'torch.device' };
  },
  'torch.cuda.is_available': () => booleanValue(false),
  'torch.backends.mps.is_available': () => booleanValue(false),
  'torch.cuda.device_count': () => numberValue(0, true),
  'torch.cuda.manual_seed': nothing,
  'torch.cuda.manual_seed_all': nothing,
  'torch.cuda.empty_cache': nothing,
  'torch.set_num_threads': nothing,
  'torch.set_default_dtype': defaultType,
  'torch.set_default_tensor_type': defaultType,
  'torch.set_printoptions': nothing,
  'torch.use_deterministic_algorithms': nothing,
  'torch.save': nothing,
  'torch.load': (call) => ({
    kind: 'unknown',
    reason: { text: 'What `torch.load` gives is not read', range: call.range },
    saved: true,
  }),
  'torch.Generator': () => ({
    kind: 'namespace',
    entries: new Map<string, Value>([['__generator', none]]),
    missing: '`%` of a generator is not read',
  }),
  'torch.is_tensor': (call) =>
    booleanValue(call.positional[0]?.value.kind === 'tensor' || call.positional[0]?.value.kind === 'array'),
  'torch.cuda.amp.GradScaler': inert('torch.GradScaler'),
  'torch.amp.GradScaler': inert('torch.GradScaler'),
  'torch.cuda.amp.autocast': mixedPrecision,
  'torch.amp.autocast': mixedPrecision,
  'torch.autocast': mixedPrecision,
  'random.seed': (call) => {
    const seed = call.positional[0]?.value;
    if (seed?.kind === 'number') call.machine.seeds.python = seed.value;
    return none;
  },
  'time.time': () => unknown,
};
