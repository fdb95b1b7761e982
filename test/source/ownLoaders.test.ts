import { describe, expect, it } from 'vitest';
import { unitOf } from './loopScripts';

const script = (body: string, made: string): string => `class Loader(DataLoader):
${body}
rows = ${made}
config = {'epochs': 4}
opt = optim.SGD(model.parameters(), lr=0.1)
for epoch in range(1, config['epochs'] + 1):
    for xb, yb in rows:
        opt.zero_grad()
        criterion(model(xb), yb).backward()
        opt.step()
`;
const init = `    def __init__(self, dataset, size=8):
        super().__init__(dataset, batch_size=size, shuffle=True, drop_last=True)`;

describe("a class that the script makes of PyTorch's loader", () => {
  it('yields the batches that its own beginning asks for', () => {
    const { unread, batches, loop } = unitOf(script(init, 'Loader(TensorDataset(x, y), size=20)'));
    expect(unread).toEqual([]);
    expect(batches).toMatchObject({ sampling: 'epochs', batchSize: { value: 20 }, shuffle: { value: true }, dropLast: true });
    expect(loop?.epochs.value).toBe(4);
  });

  it('yields what it says itself where it does, which is not taken for the batches of the loader', () => {
    const own = `${init}\n    def __iter__(self):\n        for a, b in super().__iter__():\n            yield a * 2, b`;
    expect(unitOf(script(own, 'Loader(TensorDataset(x, y))')).unread).not.toEqual([]);
  });
});
