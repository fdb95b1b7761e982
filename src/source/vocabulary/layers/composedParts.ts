import type { Layer } from '../../values/trace';

/** The classes of what PyTorch's composed layers are made of, by the name that it has in them. */
const classes: Readonly<Record<string, string>> = {
  self_attn: 'torch.nn.MultiheadAttention',
  multihead_attn: 'torch.nn.MultiheadAttention',
  out_proj: 'torch.nn.Linear',
  linear1: 'torch.nn.Linear',
  linear2: 'torch.nn.Linear',
  norm: 'torch.nn.LayerNorm',
  norm1: 'torch.nn.LayerNorm',
  norm2: 'torch.nn.LayerNorm',
  norm3: 'torch.nn.LayerNorm',
};

/** The layers within one that is composed of others, as `modules()` and `apply` find them; on the same parameters. */
export function partsOfComposed(layer: Layer): { readonly name: string; readonly module: Layer }[] {
  const groups = new Map<string, Layer['parameters']>();
  for (const [path, cell] of Object.entries(layer.parameters)) {
    const [name = '', ...rest] = path.split('.');
    if (rest.length === 0) continue;
    groups.set(name, { ...groups.get(name), [rest.join('.')]: cell });
  }
  return [...groups].map(([name, parameters]) => ({
    name,
    module: { ...layer, path: classes[name] ?? 'torch.nn.Module', step: null, parameters, attributes: new Map() },
  }));
}
