import type { Uncertain } from '../../src/records/inspection/cost';
import type { InspectedNoise } from '../../src/records/inspection/noise';
import { formatNumber, formatShare, groupThousands } from '../format';
import { uncertain, type Fact } from './words';

/** Facts of the matrices beside the Hessian, of single rows and batches, and of what goes into the layers. */
export function noiseFacts(noise: InspectedNoise): Fact[] {
  const { largest, gaussNewton, gradients, floor, allRows, batchSharpness, inputs, seesRows } = noise;
  const facts: Fact[] = [];
  if (gaussNewton) {
    const share = largest > 0 ? `; ${formatShare(gaussNewton.largest.value / largest)} of the Hessian’s` : '';
    const note = `top eigenvalue${share}${gaussNewton.isFisher ? '; it is the Fisher matrix' : ''}`;
    facts.push({ name: 'Gauss-Newton', value: uncertain(gaussNewton.largest), note });
  }
  if (!seesRows)
    facts.push({
      name: 'noise of batches',
      value: 'none to tell',
      note: 'no rows of data reach this loss: the model is made of random numbers that stand still here, so that nothing differs between rows or batches',
    });
  if (gradients) {
    const { trace, largest: top, noiseScale, curvatureNoise, bestBatch, drawnFrom, signalToNoise, batch, rowsEach } = gradients;
    const drawn = drawnFrom === null ? '' : `·(1 − B/${groupThousands(drawnFrom)})`;
    const from = rowsEach === 1 ? 'from the gradients of single rows' : `from gradients of ${rowsEach} rows each`;
    facts.push(
      ratioFact('noise scale', noiseScale, 'endless', `rows: trace of the covariance over ‖g‖²; ${from}`),
      ...(bestBatch && curvatureNoise
        ? [
            ratioFact(
              'best batch',
              bestBatch,
              'all rows',
              `rows, at which noise halves the best rate along the gradient: with batches of B it is divided by 1 + ${formatNumber(curvatureNoise.value)}/B${drawn}, by tr(HΣ)/gᵀHg`,
            ),
          ]
        : []),
      ratioFact('signal to noise', signalToNoise, 'none', `squared gradient over its variance in batches of ${batch}`),
      { name: 'covariance', value: uncertain(trace), note: `trace for one row; top eigenvalue ${uncertain(top)}` },
    );
  }
  if (floor) facts.push(floorFact(floor));
  if (allRows) facts.push(allRowsFact(allRows));
  if (batchSharpness)
    facts.push({
      name: 'batch sharpness',
      value: uncertain(batchSharpness),
      note: 'curvature along their own gradients',
    });
  for (const { layer, largest: top, mean } of inputs) {
    const note = `top of the second moment; ${formatNumber(top.value / mean)} times the mean of all`;
    facts.push({ name: `inputs of ${layer}`, value: uncertain(top), note });
  }
  return facts;
}

/** Both ends as they would be on all rows. */
function allRowsFact({ largest, smallest }: NonNullable<InspectedNoise['allRows']>): Fact {
  const name = 'on all rows';
  if (!largest && !smallest)
    return {
      name,
      value: 'not known',
      note: 'fewer rows stretch both ends of the spectrum, and these are too few to tell how far',
    };
  return {
    name,
    value: largest ? `${uncertain(largest)} at the top` : 'top not known',
    note: `${smallest ? uncertain(smallest) : 'not known'} at the bottom; brought there from half of these rows and all of them, since fewer rows stretch both ends`,
  };
}

/** What noise alone keeps of the loss. */
function floorFact({ loss, rate, momentum, batch, preconditioned, shuffled }: NonNullable<InspectedNoise['floor']>): Fact {
  const how = preconditioned ? 'η·tr(P⁻¹Σ)/(4B)' : momentum > 0 ? 'η·trΣ/(4B(1−μ))' : 'η·trΣ/(4B)';
  const less = shuffled === null ? 'less in shuffled epochs' : `at most ${formatShare(shuffled)} of it in shuffled epochs`;
  return {
    name: 'noise floor',
    value: uncertain(loss),
    note: `of the loss, if rows go on to differ as here: ${how} at rate ${formatNumber(rate)} with batches of ${batch}, well under the limit; ${less}; none where the model fits every row`,
  };
}

/** A ratio with ‖g‖² in it, estimated without bias: where the gradient cannot be told from noise it comes out as nothing, or less. */
function ratioFact(name: string, ratio: Uncertain, vanishing: string, note: string): Fact {
  if (ratio.value > 0 && ratio.error !== null && ratio.error < ratio.value) return { name, value: uncertain(ratio), note };
  const value = ratio.value > 0 ? `not told: ${uncertain(ratio)}` : vanishing;
  return { name, value, note: `the gradient cannot be told from noise; ${note}` };
}
