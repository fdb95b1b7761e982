import type { Random } from '../base/random';
import { BatchGradient, type GradientOfBatch, type Masks, type Streams, type TrainingMode } from './batchGradient';
import { partShare, type PartShare } from './parts';
import type { Programs } from './programs';
import type { SideTensors } from './setup';

/** One size of part, bound to the memory of a part's gradient. */
interface Part {
  readonly rows: number;
  /** Of its loss in the batch's. */
  readonly share: PartShare;
  readonly gradient: BatchGradient;
}

/** A batch's loss and gradient, added up over parts of its rows because the whole would take too much memory. */
export class PartedGradient implements GradientOfBatch {
  private masks: Masks[] = [];

  private constructor(
    private readonly parts: readonly Part[],
    private readonly partial: Float32Array,
    private readonly out: Float32Array,
  ) {}

  /** Null where the batch goes through whole: it is no larger than a part, or is not the sum of its parts. */
  static make(
    programs: Programs,
    shape: { readonly rows: number; readonly mode: TrainingMode; readonly partRows: number | null },
    memory: { readonly theta: Float32Array; readonly out: Float32Array; readonly side: SideTensors },
  ): Promise<PartedGradient> | null {
    const { rows, mode, partRows } = shape;
    if (partRows === null || rows <= partRows) return null;
    const rest = rows % partRows;
    const sizes = [...new Array<number>(Math.floor(rows / partRows)).fill(partRows), ...(rest > 0 ? [rest] : [])];
    const shares = sizes.flatMap((size) => shareOf(programs, mode, rows, size) ?? []);
    if (shares.length < sizes.length) return null;
    return bound(programs, mode, sizes, shares, memory).then(
      ({ parts, partial }) => new PartedGradient(parts, partial, memory.out),
    );
  }

  async run(rows: Int32Array, streams: Streams, keepsMasks: boolean): Promise<number> {
    // Parts go on drawing where the one before stopped: together they draw what the whole batch would.
    const begun = new Map<number, Random>();
    const goingOn: Streams = (call) => {
      const stream = begun.get(call) ?? streams(call);
      begun.set(call, stream);
      return stream;
    };
    const { out, partial } = this;
    out.fill(0);
    this.masks = [];
    let [loss, from, divisors] = [0, 0, 0];
    for (const { rows: count, gradient, share } of this.parts) {
      const own = await gradient.run(rows.subarray(from, (from += count)), goingOn);
      const [divisor = 1] = gradient.divisor;
      // A part in which no row counts has no loss of its own.
      const weight = divisor === 0 ? 0 : share.factor * divisor;
      divisors += divisor;
      if (weight !== 0) loss += weight * own;
      if (weight !== 0) for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + weight * (partial[i] as number);
      if (keepsMasks) this.masks.push(gradient.copyMasks());
    }
    if (!this.hasDivisor) return loss;
    for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) / divisors;
    return loss / divisors;
  }

  private get hasDivisor(): boolean {
    return this.parts.some(({ share }) => share.divisor !== null);
  }

  copyMasks(): Masks {
    const [first] = this.masks;
    return new Map([...(first ?? [])].map(([call, { shape }]) => [call, this.joined(call, shape.slice(1))]));
  }

  private joined(call: number, inner: readonly number[]): { readonly shape: readonly number[]; readonly values: Float32Array } {
    const pieces = this.masks.flatMap((masks) => masks.get(call) ?? []);
    const values = new Float32Array(pieces.reduce((sum, piece) => sum + piece.values.length, 0));
    let place = 0;
    for (const piece of pieces) {
      values.set(piece.values, place);
      place += piece.values.length;
    }
    return { shape: [pieces.reduce((sum, { shape: [length = 0] }) => sum + length, 0), ...inner], values };
  }
}

function shareOf(programs: Programs, mode: TrainingMode, whole: number, size: number): PartShare | null {
  const lower = (rows: number): ReturnType<Programs['lower']> =>
    programs.lower({ rows, batchNorm: mode, dropout: mode === 'train', noise: true });
  const [all, part] = [lower(whole), lower(size)];
  return all.ok && part.ok ? partShare(all.value, part.value) : null;
}

async function bound(
  programs: Programs,
  mode: TrainingMode,
  sizes: readonly number[],
  shares: readonly PartShare[],
  { theta, out, side }: { readonly theta: Float32Array; readonly out: Float32Array; readonly side: SideTensors },
): Promise<{ readonly parts: readonly Part[]; readonly partial: Float32Array }> {
  const partial = new Float32Array(out.length);
  const made = new Map<number, BatchGradient>();
  const parts: Part[] = [];
  for (const [i, rows] of sizes.entries()) {
    const share = shares[i] ?? { factor: NaN, divisor: null };
    const known = made.get(rows);
    const shape = { rows, mode, inPlace: false };
    const gradient = known ?? (await BatchGradient.make(programs, shape, { theta, out: partial, side }, share.divisor));
    made.set(rows, gradient);
    parts.push({ rows, share, gradient });
  }
  return { parts, partial };
}
