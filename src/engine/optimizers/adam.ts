import { beginsAtZero, vectorOf, type Span, type UpdateRule, type UpdateSite, type Values, type Vectors } from './rule';

type AdamKind = 'adam' | 'adamw';

/** torch.optim.Adam (Kingma and Ba, 2015): weight decay is added to the gradient. */
export const adam: UpdateRule<'adam'> = {
  stateNames,
  begin: beginsAtZero,
  update: (site, span) => updateMoments(site, span, span.weightDecay, 0),
  preconditioner,
};

/** torch.optim.AdamW (Loshchilov and Hutter, 2019): weight decay shrinks the parameters by itself. */
export const adamw: UpdateRule<'adamw'> = {
  stateNames,
  begin: beginsAtZero,
  update: (site, span) => updateMoments(site, span, 0, span.rate * span.weightDecay),
  preconditioner,
};

function stateNames({ amsgrad }: Values<AdamKind>): readonly string[] {
  return amsgrad ? ['firstMoment', 'secondMoment', 'largestSecondMoment'] : ['firstMoment', 'secondMoment'];
}

/** `coupled` decay goes through the moments; `decoupled` is the fraction by which theta shrinks. */
function updateMoments(
  { theta, gradient, delta, state, settings, step }: UpdateSite<AdamKind>,
  { from, to, rate }: Span,
  coupled: number,
  decoupled: number,
): void {
  const { beta1, beta2, epsilon, amsgrad } = settings;
  const first = vectorOf(state, 'firstMoment');
  const second = vectorOf(state, 'secondMoment');
  const largest = amsgrad ? vectorOf(state, 'largestSecondMoment') : second;
  const stepSize = rate / (1 - beta1 ** step);
  const correction = 1 / Math.sqrt(1 - beta2 ** step);
  for (let i = from; i < to; i++) {
    const p = theta[i]!;
    const g = gradient[i]! + coupled * p;
    const m = beta1 * first[i]! + (1 - beta1) * g;
    let v = beta2 * second[i]! + (1 - beta2) * g * g;
    first[i] = m;
    second[i] = v;
    if (amsgrad) {
      v = Math.max(largest[i]!, v);
      largest[i] = v;
    }
    delta[i] = -decoupled * p - (stepSize * m) / (Math.sqrt(v) * correction + epsilon);
  }
}

function preconditioner(out: Float32Array, state: Vectors, { beta2, epsilon, amsgrad }: Values<AdamKind>, step: number): void {
  const second = vectorOf(state, amsgrad ? 'largestSecondMoment' : 'secondMoment');
  const correction = step === 0 ? 1 : 1 / Math.sqrt(1 - beta2 ** step);
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(second[i]!) * correction + epsilon;
}
