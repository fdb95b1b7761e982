import type { Layers } from '../../../records/model/layers';
import type { Arguments } from '../../interpret/call';
import type { LayerStep } from '../../values/trace';
import type { LayerEntry } from './layerEntry';

const two = (value: number): readonly number[] => [value, value];

/** Arguments of nn.Unfold and F.unfold, and behind the size those of nn.Fold and F.fold. */
export const unfoldNames = 'kernel_size dilation padding stride';

const moving = (a: Arguments): Layers['unfold'] => ({
  kernel: a.extent('kernel_size', 2),
  dilation: a.extent('dilation', 2, two(1)),
  padding: a.extent('padding', 2, two(0)),
  stride: a.extent('stride', 2, two(1)),
});

/** Windows as columns. */
export const unfoldStep = (a: Arguments): LayerStep => ({ kind: 'unfold', arguments: moving(a) });

/** Columns as windows, added up. */
export const foldStep = (a: Arguments): LayerStep => ({
  kind: 'fold',
  arguments: { ...moving(a), size: a.extent('output_size', 2) },
});

/** Channels dealt out. */
export const shuffleStep = (a: Arguments): LayerStep => ({ kind: 'channelShuffle', arguments: { groups: a.number('groups') } });

/** A rectifier with a random slope; without training its mean. */
export const randomReluStep = (a: Arguments): LayerStep => ({
  kind: 'randomRelu',
  arguments: { low: a.number('lower', 1 / 8), high: a.number('upper', 1 / 3), call: 0 },
});

/** Layers over windows and channels, and the rectifier of random slopes. */
export const windowLayers: Readonly<Record<string, LayerEntry>> = {
  Unfold: { names: unfoldNames, step: unfoldStep },
  Fold: { names: `output_size ${unfoldNames}`, step: foldStep },
  ChannelShuffle: { names: 'groups', step: shuffleStep },
  RReLU: { names: 'lower upper inplace', step: randomReluStep },
};
