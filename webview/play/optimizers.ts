/** Optimizers that are drawn side by side. */
export type PlayedOptimizer = 'gd' | 'momentum' | 'rmsprop' | 'adam';

/** Their settings, with PyTorch's meaning: rate η, momentum μ, α and β1, β2 of the averages. */
export interface PlaySettings {
  readonly gd: { readonly rate: number };
  readonly momentum: { readonly rate: number; readonly momentum: number };
  readonly rmsprop: { readonly rate: number; readonly averaging: number };
  readonly adam: { readonly rate: number; readonly momentum: number; readonly averaging: number };
}

/** A point of the plane. */
export type Spot = readonly [x: number, y: number];

const epsilon = 1e-8;

/** Makes steps: from a gradient to the change of the parameters. Keeps its averages between calls. */
export type Stepper = (gradient: Spot) => Spot;

/** A fresh optimizer of the kind, as torch.optim has it. */
export function stepper<K extends PlayedOptimizer>(kind: K, settings: PlaySettings): Stepper {
  const makers: { readonly [O in PlayedOptimizer]: () => Stepper } = {
    gd: () => gradientDescent(settings.gd),
    momentum: () => heavyBall(settings.momentum),
    rmsprop: () => rmsprop(settings.rmsprop),
    adam: () => adam(settings.adam),
  };
  return makers[kind]();
}

const gradientDescent =
  ({ rate }: PlaySettings['gd']): Stepper =>
  ([x, y]) => [-rate * x, -rate * y];

/** v ← μv + g, θ ← θ - ηv. */
function heavyBall({ rate, momentum }: PlaySettings['momentum']): Stepper {
  let velocity: Spot = [0, 0];
  return (gradient) => {
    velocity = [momentum * velocity[0] + gradient[0], momentum * velocity[1] + gradient[1]];
    return [-rate * velocity[0], -rate * velocity[1]];
  };
}

/** v ← αv + (1-α)g², θ ← θ - ηg/(√v+ε). */
function rmsprop({ rate, averaging }: PlaySettings['rmsprop']): Stepper {
  let squares: Spot = [0, 0];
  return (gradient) => {
    squares = average(squares, [gradient[0] ** 2, gradient[1] ** 2], averaging);
    return [-rate * (gradient[0] / (Math.sqrt(squares[0]) + epsilon)), -rate * (gradient[1] / (Math.sqrt(squares[1]) + epsilon))];
  };
}

/** m ← β1m + (1-β1)g, v ← β2v + (1-β2)g², θ ← θ - η m̂/(√v̂+ε), both with their bias taken out. */
function adam({ rate, momentum, averaging }: PlaySettings['adam']): Stepper {
  let mean: Spot = [0, 0];
  let squares: Spot = [0, 0];
  let step = 0;
  return (gradient) => {
    step++;
    mean = average(mean, gradient, momentum);
    squares = average(squares, [gradient[0] ** 2, gradient[1] ** 2], averaging);
    const [m, v] = [1 - momentum ** step, 1 - averaging ** step];
    const move = (i: 0 | 1): number => (-rate * (mean[i] / m)) / (Math.sqrt(squares[i] / v) + epsilon);
    return [move(0), move(1)];
  };
}

const average = (old: Spot, now: Spot, share: number): Spot => [
  share * old[0] + (1 - share) * now[0],
  share * old[1] + (1 - share) * now[1],
];
