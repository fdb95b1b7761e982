import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random';
import { effectiveRates, equilibriumTurn } from '../../src/curvature/scaleFree';
import { dot, norm, normalVector, plus } from '../../src/curvature/vector';

describe('weights whose length has no effect', () => {
  it('turn by √(2ηω) a step once decay and noise balance, whatever the gradients’ size', () => {
    for (const size of [0.3, 3]) {
      const [rate, decay, random] = [0.05, 0.02, new Random(4)];
      let w = normalVector(200, random);
      let turned = 0;
      const [settling, counted] = [6_000, 3_000];
      for (let step = 0; step < settling + counted; step++) {
        // The gradient of a loss of the direction alone: across w, and over its length.
        const noise = normalVector(200, random);
        const across = plus(noise, -dot(noise, w) / dot(w, w), w).map((x) => (size * x) / (norm(w) * Math.sqrt(200)));
        const next = plus(plus(w, -rate * decay, w), -rate, across);
        if (step >= settling) turned += Math.acos(Math.min(1, dot(w, next) / (norm(w) * norm(next))));
        w = next;
      }
      expect(turned / counted / equilibriumTurn(rate, decay)).toBeCloseTo(1, 1);
    }
  });

  it('follow η/‖w‖²: the same step of the direction for a stretched copy at a rate that is stretched squared', () => {
    const theta = Float32Array.of(3, 4, 9, 0.6, 0.8);
    const groups = [[{ offset: 0, length: 2 }], [{ offset: 3, length: 2 }]];
    expect(effectiveRates(theta, groups, 0.5)?.least).toBeCloseTo(0.5 / 25, 8);
    expect(effectiveRates(theta, groups, 0.5)?.most).toBeCloseTo(0.5, 6);
    expect(effectiveRates(new Float32Array(5), groups, 0.5)).toBeNull();
  });
});
