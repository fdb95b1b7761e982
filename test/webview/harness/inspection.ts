import type { InspectionNews } from '../../../src/protocol/inspection';
import type { InspectionCost } from '../../../src/records/inspection/cost';
import type { InspectionPart } from '../../../src/records/inspection/part';
import type { TriedRemedy } from '../../../src/records/inspection/remedies';
import type { InspectedSlice } from '../../../src/records/inspection/slice';
import type { InspectedFrame } from '../../../src/records/inspection/spectrum';
import type { InspectedSurface, PlaneKind } from '../../../src/records/inspection/surface';

/** A double well with a saddle in the middle: what the parts of an inspection are synthesised from. */
const well = (x: number, y: number): number => 0.4 + 0.3 * (y * y - 1) ** 2 + 4 * (x - 0.15 * y * y) ** 2;
const cost = (applications: number, evaluations: number, milliseconds: number): InspectionCost => ({
  applications,
  evaluations,
  milliseconds,
});
const even = (low: number, high: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

function slice(
  direction: InspectedSlice['direction'],
  range: readonly [number, number],
  loss: (t: number) => number,
  change: Partial<InspectedSlice> = {},
): InspectedSlice {
  const positions = even(range[0], range[1], 33);
  const h = 1e-3;
  return {
    part: 'slice',
    direction,
    unit: 'distance',
    positions,
    losses: positions.map(loss),
    loss: loss(0),
    slope: (loss(h) - loss(-h)) / (2 * h),
    curvature: (loss(h) - 2 * loss(0) + loss(-h)) / (h * h),
    parts: null,
    made: null,
    cost: cost(2, 33, 31),
    ...change,
  };
}

const titles: Readonly<Record<PlaneKind, readonly [string, string]>> = {
  eigenvectors: ['top eigenvector', 'bottom eigenvector'],
  random: ['random direction', 'another random direction'],
  trajectory: ['main direction of the run, 81 % of its way', 'second direction, 12 %'],
  parameters: ['net.0.weight[0, 1]', 'net.2.bias[3]'],
};

function surface(plane: PlaneKind, size: number, level: number, reach: readonly [number, number]): InspectedSurface {
  const xs = even(-reach[0], reach[0], size);
  const ys = even(-reach[1], reach[1], size);
  const losses = Float64Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [xs[i % size] as number, ys[Math.floor(i / size)] as number];
    return plane === 'random' ? 0.7 + 3 * (x * x + 0.7 * y * y + 0.6 * x * y) : well(x, y);
  });
  const steps = even(0, 300, 31);
  const way = steps.map((step) => Math.exp(-step / 60));
  return {
    part: 'surface',
    plane,
    xTitle: titles[plane][0],
    yTitle: titles[plane][1],
    here: [0, 0],
    whole: false,
    xs,
    ys,
    losses,
    trajectory: {
      steps,
      x: way.map((w, i) => 0.9 * reach[0] * w * Math.cos(i / 3)),
      y: way.map((w) => 0.8 * reach[1] * (w - (way[30] as number))),
      distance: way.map((w) => 4.2 * w),
    },
    level,
    levels: 4,
    cost: cost(0, size * size, 600),
  };
}

const edges = ((): Float64Array => {
  const side = Array.from({ length: 15 }, (_, i) => 2e-4 * 10 ** (i / 3));
  return Float64Array.from([...side.slice(0, 11).map((edge) => -edge), ...side].sort((a, b) => a - b));
})();
const shares = Float64Array.from({ length: edges.length - 1 }, (_, i) => {
  const middle = ((edges[i] as number) + (edges[i + 1] as number)) / 2;
  if (Math.abs(middle) < 1e-5) return 0.42;
  const bulk = 0.11 * Math.exp(-((Math.log10(Math.abs(middle)) + 2.4) ** 2) / 0.5);
  return middle < 0 ? 0.25 * bulk : bulk + (middle > 1 ? 0.0008 : 0);
});

const curve = (from: number, to: number, pace: number): { steps: Float64Array; losses: Float64Array } => {
  const steps = even(0, 300, 25);
  return { steps, losses: steps.map((step) => to + (from - to) * Math.exp(-step / pace)) };
};
const remedies: readonly TriedRemedy[] = [
  {
    remedy: 'momentum',
    from: 'here',
    text: 'SGD with momentum 0.93, the fastest between curvatures 0.0031 and 8, at rate 0.42.',
    curve: curve(0.7, 0.05, 40),
    asItIs: curve(0.7, 0.4, 220),
  },
  {
    remedy: 'adam',
    from: 'here',
    text: 'Adam at rate 0.01, the better of 0.001 and 0.01.',
    curve: curve(0.7, 0.1, 70),
    asItIs: curve(0.7, 0.4, 220),
  },
  {
    remedy: 'normalised inputs',
    from: 'start',
    text: 'Every input column at mean 0 and deviation 1, at 0.2 times the rate, as near to its limit as the script’s.',
    curve: curve(2.3, 0.06, 50),
    asItIs: curve(2.3, 0.2, 90),
  },
  {
    remedy: 'batch norm',
    from: 'start',
    text: 'The model normalises already, or has no hidden layer with an activation to put it before.',
    curve: null,
    asItIs: null,
  },
];
const frameSteps = [0, 1, 4, 16, 64, 128, 300, 600];
function frame(step: number, i: number): InspectedFrame {
  const grown = 0.4 + 0.2 * i;
  return {
    part: 'frame',
    step,
    steps: [...frameSteps, 1_200],
    edges,
    shares: shares.map((share, j) => ((edges[j] as number) < 0 ? share / (1 + i) : share)),
    errors: shares.map((share) => 0.3 * share),
    exact: false,
    probes: 4,
    lanczosSteps: 32,
    largest: 9 * grown,
    smallest: -1.2 / (1 + i),
    negative: { value: 0.2 / (1 + i), error: 0.03 },
    layers: ['net.0', 'net.2', 'net.4'].map((name, layer) => ({ name, largest: grown * 4 ** layer * 0.3, error: 0.01 })),
    cost: cost(150, 0, 290),
  };
}

/** The parts of an inspection of a saddle, in order. */
const saddle: readonly InspectionPart[] = [
  {
    part: 'point',
    step: 300,
    ofSteps: 18_000,
    search: null,
    loss: 0.7,
    gradientNorm: 0.00031,
    gradientNoise: 0.00012,
    batchNoise: { value: 0.21, error: 0.04 },
    largestGradientNorm: 1.84,
    largestAt: 0,
    parameterNorm: 7.31,
    learningRate: 0.1,
    optimizer: { kind: 'sgd', momentum: 0.9, averaging: null },
    rows: 1_024,
    ofRows: 1_437,
    parameters: 4_810,
    tensors: [
      { name: 'net.0.weight', shape: [64, 64], offset: 0, length: 4_096 },
      { name: 'net.0.bias', shape: [64], offset: 4_096, length: 64 },
      { name: 'net.2.weight', shape: [10, 64], offset: 4_160, length: 640 },
      { name: 'net.2.bias', shape: [10], offset: 4_800, length: 10 },
    ],
    cost: cost(0, 13, 61),
  },
  {
    part: 'verdict',
    kind: 'saddle',
    reasons: [
      'gradient norm 0.00031, noise 0.00012, largest of the run 1.84: vanishes beside the run’s',
      'eigenvalues from -1.2 to 8 (residuals 0.011, 0.03): curvature of both signs',
    ],
    couldHaveMissed: [
      'an eigenvalue below -1.31, with probability 0.01',
      'the gradient on all rows may differ from the one on these',
    ],
    largest: { value: 8, residual: 0.03, error: 0.04, bound: 8.1 },
    smallest: { value: -1.2, residual: 0.011, error: 0.05, bound: -1.31 },
    missProbability: 0.01,
    scaleDirections: 0,
    scaleRates: null,
    asymmetry: 2.1e-7,
    copies: [{ layer: 'net.0', groups: [[0, 3, 7]] }],
    nearly: false,
    dead: [],
    deadParameters: 0,
    probes: [
      { kind: 'eigenvector', name: 'the bottom eigenvector', radii: [0.1], ahead: [-0.01], behind: [-0.01], trend: 'falls' },
      { kind: 'random', name: 'random direction 1', radii: [0.1], ahead: [0.02], behind: [0.02], trend: 'rises' },
    ],
    cost: cost(38, 112, 140),
  },
  slice('gradient', [-0.06, 0.18], (t) => well(0.06 - t, 0.02)),
  slice('step', [-1, 3], (t) => well(0.05 - 0.04 * t, 0.1 + 0.3 * t), {
    unit: 'step',
    made: 'next',
    parts: { firstOrder: 0.25, secondOrder: 1.125 },
  }),
  slice('top', [-0.4, 0.4], (t) => well(t, 0)),
  slice('bottom', [-1.5, 1.5], (t) => well(0.02, t)),
  {
    part: 'escape',
    curvature: -1.2,
    preconditioned: false,
    factor: 1.12,
    from: 0.0004,
    to: 0.11,
    expectedSteps: 49.6,
    foretold: true,
    folds: 2_006,
    descent: 0.43,
    matters: true,
    branches: (
      [
        ['as it is', 'the optimizer as it is', 52],
        ['step', 'a step of 0.11 along the escape direction', 9],
        ['noise', 'random numbers of length 0.0073 added once', 33],
        ['momentum', 'momentum 0.9 in place of none', 15],
      ] as const
    ).map(([way, text, out]) => {
      const steps = even(0, 100, 13);
      return { way, text, steps, losses: steps.map((step) => 0.7 - 0.3 / (1 + Math.exp(-(step - out) / 5))), leftAt: out };
    }),
    cost: cost(0, 70, 410),
  },
  {
    part: 'gains',
    ownStep: 0.000012,
    gradientStep: { rate: 0.13, predicted: 0.0000021, measured: 0.000002 },
    newton: { predicted: 0.0031, measured: 0.0029, damping: 0.008, negativeCurvature: true, length: 0.21 },
    cost: cost(31, 8, 40),
  },
  {
    part: 'density',
    edges,
    shares,
    errors: shares.map((share) => 0.2 * share),
    exact: false,
    noiseFloor: 2e-4,
    negative: { value: 0.11, error: 0.02 },
    trace: { value: 31.2, error: 1.9 },
    effectiveRank: { value: 88, error: 12 },
    probes: 8,
    lanczosSteps: 60,
    cost: cost(480, 0, 900),
  },
  {
    part: 'conditioning',
    plain: { value: null, atLeast: 40_100, effective: { value: 1_310, error: 240 } },
    preconditioned: { value: null, atLeast: 9_000, effective: { value: 402, error: null } },
    diagonal: 'estimated',
    cost: cost(503, 16, 1_100),
  },
  {
    part: 'noise',
    seesRows: true,
    largest: 8.1,
    gaussNewton: { largest: { value: 7.9, error: 0.02 }, isFisher: true },
    gradients: {
      rowsEach: 1,
      trace: { value: 1.9, error: 0.2 },
      largest: { value: 0.6, error: 0.01 },
      noiseScale: { value: 210, error: 40 },
      curvatureNoise: { value: 280, error: 70 },
      bestBatch: { value: 210, error: 40 },
      drawnFrom: 840,
      signalToNoise: { value: 0.3, error: 0.06 },
      batch: 64,
    },
    floor: {
      loss: { value: 0.0074, error: 0.0008 },
      rate: 0.1,
      momentum: 0.9,
      batch: 64,
      preconditioned: false,
      shuffled: 0.95,
    },
    allRows: { largest: { value: 7.8, error: 0.3 }, smallest: { value: -1.1, error: 0.2 } },
    batchSharpness: { value: 9.2, error: 1.1 },
    inputs: [{ layer: 'fc1', largest: { value: 6.4, error: 0.01 }, mean: 0.14 }],
    cost: cost(90, 60, 120),
  },
  {
    part: 'convexity',
    kind: 'disproved',
    text: 'Putting the units of net.0 in another order gives the same loss, and on the straight line between both it lies above: the loss is not convex.',
    chord: {
      layer: 'net.0',
      positions: even(0, 1, 17),
      losses: even(0, 1, 17).map((t) => 0.7 + 1.4 * t * (1 - t)),
      above: 0.35,
      at: 0.5,
    },
    cost: cost(0, 17, 26),
  },
  surface('eigenvectors', 33, 4, [0.5, 1.5]),
  surface('random', 33, 4, [1, 1]),
  surface('trajectory', 17, 3, [0.8, 1.6]),
  {
    part: 'ravine',
    edges: Float64Array.from({ length: 13 }, (_, i) => 10 ** (-3 + i / 3)),
    shares: Float64Array.of(0.02, 0.31, 0.24, 0.12, 0.08, 0.06, 0.05, 0.03, 0.02, 0.02, 0.02, 0.03),
    preconditioned: false,
    shareErrors: new Float64Array(12).fill(0.01),
    left: { value: 0.053, error: 0.002 },
    slowBelow: 0.0042,
    slowShare: { value: 0.33, error: 0.04 },
    undecided: 0.04,
    path: { steps: 40, alternation: 0.72, stiffProgress: 0.06, floorProgress: 0.88, stiffShare: 0.61 },
    best: { rate: 0.42, momentum: 0.93, stiffest: 8, flattest: 0.0031 },
    cost: cost(64, 40, 210),
  },
  { part: 'remedies', tried: remedies, of: 4, cost: cost(0, 200, 1_900) },
  ...frameSteps.map(frame),
  {
    part: 'minima',
    steps: 600,
    seed: 0,
    loss: 0.12,
    lines: [1, 2, 3].map((i) => {
      const positions = even(0, 1, 25);
      const hill = (height: number): Float64Array => positions.map((t) => 0.12 - 0.01 * i * t + 4 * height * t * (1 - t));
      return {
        seed: i * 1_000_003,
        loss: 0.12 - 0.01 * i,
        positions,
        losses: hill(0.3 + 0.05 * i),
        barrier: 0.3 + 0.05 * i,
        matched: { losses: hill(0.02 * i), barrier: 0.02 * i, moved: 126, units: 128 },
      };
    }),
    of: 3,
    cost: cost(0, 150, 1_400),
  },
];

/** What the host tells of a finished inspection. */
export const inspected: readonly InspectionNews[] = [
  { kind: 'start', step: 300, nearest: false },
  ...saddle.map((part): InspectionNews => ({ kind: 'part', part })),
  { kind: 'end', status: 'done', text: 'Looked at in 4.2 s' },
];

/** What it has told when the first answers are there. */
export const inspecting: readonly InspectionNews[] = [
  { kind: 'start', step: 300, nearest: false },
  ...saddle.slice(0, 4).map((part): InspectionNews => ({ kind: 'part', part })),
  { kind: 'progress', fraction: 0.55, text: 'Cutting the loss along lines' },
];

/** A model of one or two parameters, whose whole loss is drawn: a quadratic valley about (1.5, -0.4). */
function whole(count: 1 | 2): readonly InspectionNews[] {
  const size = 65;
  const xs = even(-1, 3, size);
  const ys = count === 2 ? even(-2, 1, size) : new Float64Array(1);
  const lossAt = (x: number, y: number): number =>
    0.02 + 2 * (x - 1.5) ** 2 + (count === 2 ? 0.3 * (y + 0.4) ** 2 + 0.5 * (x - 1.5) * (y + 0.4) : 0);
  const steps = even(0, 50, 26);
  const x = steps.map((step) => 1.5 - 1.9 * Math.exp(-step / 8));
  const y = steps.map((step) => (count === 2 ? -0.4 - 1.1 * Math.exp(-step / 20) : 0));
  const part: InspectedSurface = {
    ...surface('parameters', 5, 5, [1, 1]),
    xTitle: 'linear.weight',
    yTitle: count === 2 ? 'linear.bias' : '',
    xs,
    ys,
    losses: Float64Array.from({ length: xs.length * ys.length }, (_, i) =>
      lossAt(xs[i % size] as number, ys[Math.floor(i / size)] as number),
    ),
    here: [x[25] as number, y[25] as number],
    whole: true,
    trajectory: { steps, x, y, distance: new Float64Array(26) },
    level: 5,
    levels: 5,
  };
  const parts = saddle.flatMap((other): InspectionPart[] =>
    other.part === 'surface' ? [] : [other.part === 'point' ? { ...other, parameters: count, tensors: [] } : other],
  );
  return [
    { kind: 'start', step: 50, nearest: false },
    ...[...parts, part].map((one): InspectionNews => ({ kind: 'part', part: one })),
    { kind: 'end', status: 'done', text: 'Looked at in 0.3 s' },
  ];
}

/** A model of one parameter: a curve. */
export const inspectedCurve = whole(1);

/** A model of two parameters: contours and a surface. */
export const inspectedWhole = whole(2);
