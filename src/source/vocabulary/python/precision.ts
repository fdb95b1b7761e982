import type { Call, Handler } from '../../interpret/call';
import { none } from '../../values/value';

/** Says that the run here has numbers of 32 bits, where the script trains in 64. */
export const toldDouble = (call: Pick<Call, 'machine' | 'range'>): void =>
  call.machine.assume('Numbers of 64 bits are trained in 32 bits here', call.range);

/** `torch.set_default_dtype(torch.float64)`, `keras.backend.set_floatx("float64")`. */
export const defaultType: Handler = (call) => {
  const type = call.positional[0]?.value ?? [...call.keywords.values()][0]?.value;
  const name = type?.kind === 'external' ? type.path : type?.kind === 'string' ? type.value : '';
  if (/float64$|double(tensor)?$/i.test(name)) toldDouble(call);
  return none;
};
