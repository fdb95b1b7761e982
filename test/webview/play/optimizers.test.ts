import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { stepper, type PlayedOptimizer, type PlaySettings, type Spot } from '../../../webview/play/optimizers';

const file = fileURLToPath(new URL('reference.json', import.meta.url));
const reference = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly curvature: Spot;
  readonly ways: Readonly<Record<PlayedOptimizer, readonly Spot[]>>;
};
const settings: PlaySettings = {
  gd: { rate: 0.1 },
  momentum: { rate: 0.05, momentum: 0.9 },
  rmsprop: { rate: 0.02, averaging: 0.95 },
  adam: { rate: 0.1, momentum: 0.8, averaging: 0.99 },
};

describe('optimizers side by side', () => {
  it.each(['gd', 'momentum', 'rmsprop', 'adam'] as const)('%s goes the way of torch.optim', (kind) => {
    const [a, b] = reference.curvature;
    const step = stepper(kind, settings);
    let [x, y] = reference.ways[kind][0] as Spot;
    for (const [wantedX, wantedY] of reference.ways[kind].slice(1)) {
      const [dx, dy] = step([a * x, b * y]);
      [x, y] = [x + dx, y + dy];
      expect(x).toBeCloseTo(wantedX, 9);
      expect(y).toBeCloseTo(wantedY, 9);
    }
  });
});
