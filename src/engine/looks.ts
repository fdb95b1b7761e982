import type { TensorData } from '../graph/operations';
import { countRight, type Tally } from './accuracy';
import { readBy } from './binding';
import type { LoweredModel } from './lowerModel';
import { roomFor } from './nonFinite';
import type { Chunk } from './objectiveRows';
import type { Call, Port } from './onnx/runtime';
import type { OutputsOf, Program } from './programs';
import { rowGradientPorts } from './rowGradients';
import type { TwinSetup } from './setup';
import type { LayerUnits, Observed, RowGradients } from './twin';
import { activationPorts, addUnits, unitLayers, type UnitLayer } from './unitPorts';
import { activationNodes, type UnitSums } from './units';

/** What is looked at beside the loss and the right answers. */
export interface Wanted {
  readonly units: boolean;
  readonly rowGradients: boolean;
}

/** The chunks that are looked at, and how their programs are made and fed. */
export interface LookedChunks {
  readonly setup: TwinSetup;
  readonly chunks: readonly Chunk[];
  program(chunk: Chunk, purpose: string, outputsOf: OutputsOf): Promise<Program>;
  views(chunk: Chunk): Record<string, TensorData>;
}

/** Memory of values that are kept for the next point, at most, in bytes. */
const idleBytes = 64 * 2 ** 20;

/** What comes out of a chunk's program, in room that chunks of one size share. */
interface BoundLook {
  readonly chunk: Chunk;
  readonly call: Call;
  readonly loss: Float32Array;
  /** Outputs from which right answers are counted, with their shape; null where that has no meaning. */
  readonly scores: { readonly values: Float32Array; readonly shape: readonly number[] } | null;
  readonly layers: readonly UnitLayer[];
  /** Squared norms of rows' gradients, by layer. */
  readonly squares: readonly (readonly [name: string, values: Float32Array])[];
}

interface BoundLooks {
  readonly chunks: readonly BoundLook[];
  /** Sums over the chunks, by activation; made when they are first wanted. */
  readonly units: Map<number, UnitSums>;
  /** Rows of all chunks. */
  readonly covered: number;
  readonly bytes: number;
}

const squaresPort = 'squares of ';

/** Looks at a point over the rows of an objective: one pass through one program yields all that is wanted. */
export class Looks {
  private readonly bound = new Map<string, Promise<BoundLooks>>();
  private readonly activations: readonly number[];

  constructor(private readonly site: LookedChunks) {
    this.activations = activationNodes(site.setup.model);
  }

  async at(wanted: Wanted): Promise<Observed> {
    const key = `${wanted.units} ${wanted.rowGradients}`;
    const made = this.bound.get(key) ?? this.bind(wanted, `look ${key}`);
    this.bound.set(key, made);
    const { chunks, units: sums, covered, bytes } = await made;
    if (bytes > idleBytes) this.bound.delete(key);
    const tally: Tally = { right: 0, counted: 0 };
    for (const sum of sums.values()) sum.clear();
    const gathered = new Map<string, number[]>();
    let loss = 0;
    for (const look of chunks) {
      const pending = look.call.run();
      if (pending !== undefined) await pending;
      loss += look.chunk.weight * (look.loss[0] ?? NaN);
      this.countRight(look, tally);
      addUnits(sums, look.layers);
      addNorms(gathered, look, covered);
    }
    const units: LayerUnits[] = [...sums.values()].map((sum) => sum.result());
    const rowGradients: RowGradients[] = [...gathered].map(([name, norms]) => ({ name, norms: Float32Array.from(norms) }));
    return { loss, accuracy: tally.counted === 0 ? null : tally.right / tally.counted, units, rowGradients };
  }

  /** Lets go of all memory. */
  clear(): void {
    this.bound.clear();
  }

  private countRight({ chunk, scores }: BoundLook, tally: Tally): void {
    const rule = this.site.setup.model.accuracy;
    const target = chunk.views['target/0'];
    if (rule === null || target === undefined || scores === null) return;
    const own = countRight(rule, scores.values, scores.shape, target);
    tally.right += own.right;
    tally.counted += own.counted;
  }

  private async bind(wanted: Wanted, purpose: string): Promise<BoundLooks> {
    const { site, activations } = this;
    const { model } = site.setup;
    const rooms = new Map<number, Record<string, Float32Array>>();
    const chunks: BoundLook[] = [];
    for (const chunk of site.chunks) {
      const program = await site.program(chunk, purpose, (lowered) => this.portsOf(lowered, wanted));
      const room = rooms.get(chunk.rows) ?? roomFor(this.portsOf(program.lowered, wanted));
      rooms.set(chunk.rows, room);
      const scores = model.accuracy === null ? undefined : program.lowered.values[model.accuracy.node];
      chunks.push({
        chunk,
        call: program.compiled.bind(readBy(program, site.views(chunk)), room),
        loss: room['loss'] ?? new Float32Array(1),
        scores: scores && room['scores'] ? { values: room['scores'], shape: scores.shape } : null,
        layers: unitLayers(model, activations, program.lowered, room),
        squares: Object.entries(room).flatMap(([name, values]) =>
          name.startsWith(squaresPort) ? [[name.slice(squaresPort.length), values] as const] : [],
        ),
      });
    }
    const bytes = [...rooms.values()].flatMap(Object.values<Float32Array>).reduce((sum, { byteLength }) => sum + byteLength, 0);
    const covered = chunks.reduce((sum, { chunk }) => sum + chunk.rows, 0);
    return { chunks, units: new Map(), covered, bytes };
  }

  private portsOf(lowered: LoweredModel, wanted: Wanted): Port[] {
    const { setup } = this.site;
    const rule = setup.model.accuracy;
    const scores = rule === null ? undefined : lowered.values[rule.node];
    const squares = wanted.rowGradients ? rowGradientPorts(setup, lowered) : [];
    return [
      { name: 'loss', tensor: lowered.loss },
      ...(scores?.dtype === 'float32' ? [{ name: 'scores', tensor: scores }] : []),
      ...(wanted.units ? activationPorts(setup.model, this.activations, lowered) : []),
      ...squares.map(({ name, tensor }) => ({ name: squaresPort + name, tensor })),
    ];
  }
}

/** Adds the norms of a chunk's rows, scaled so that the gradient is the mean over all rows. */
function addNorms(gathered: Map<string, number[]>, { chunk, squares }: BoundLook, covered: number): void {
  for (const [name, values] of squares) {
    const norms = gathered.get(name) ?? [];
    for (const square of values) norms.push(covered * chunk.weight * Math.sqrt(square));
    gathered.set(name, norms);
  }
}
