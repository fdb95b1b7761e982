const gains: Readonly<Record<string, number>> = {
  linear: 1,
  sigmoid: 1,
  conv1d: 1,
  conv2d: 1,
  tanh: 5 / 3,
  relu: Math.SQRT2,
  selu: 0.75,
};

/** torch.nn.init.calculate_gain; of a name that it does not know undefined. */
export const knownGain = (nonlinearity: string, slope: number): number | undefined =>
  nonlinearity === 'leaky_relu' ? Math.sqrt(2 / (1 + slope * slope)) : gains[nonlinearity];

/** The gain, 1 of a name that is not known. */
export const gainOf = (nonlinearity: string, slope: number): number => knownGain(nonlinearity, slope) ?? 1;
