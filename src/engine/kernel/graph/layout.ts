import { isOp, sizeOf, type Tensor } from '../../../graph/operations';
import { inputAt } from '../../../graph/shapes';
import type { FunctionCode } from '../assembler';
import { emitCopy, isLaneWise } from './loopNest';
import { slackBytes } from './matrixProduct';
import { broadcastTo, dense, isDense, partsOf, sliced, transposed, type Place, type Stored } from './place';

/** Tensors begin at multiples of a cache line. */
const alignment = 64;

/** Where each tensor of a program lies; what only moves elements lies where its input does. */
export class Layout {
  private readonly places = new Map<Tensor, Place>();
  private readonly copies = new Map<Stored, Stored>();
  private end = alignment;

  /** Bytes of all tensors. */
  get bytes(): number {
    return this.end;
  }

  /** Fresh room, dense. */
  room(shape: readonly number[]): Stored {
    const place = dense(this.end, shape);
    const bytes = 4 * sizeOf(shape) + slackBytes;
    this.end += Math.ceil(bytes / alignment) * alignment;
    return place;
  }

  /** Fresh room for a tensor; the parts of a stack lie in it. */
  make(tensor: Tensor): Stored {
    const place = this.room(tensor.shape);
    this.places.set(tensor, place);
    return place;
  }

  /** As `make`, for a tensor that is given: the parts of a stack are known too. */
  give(tensor: Tensor): Stored {
    const place = this.make(tensor);
    if (!isOp(tensor, 'concat')) return place;
    const parts = partsOf(
      place,
      tensor.inputs.map(({ shape }) => shape),
    );
    tensor.inputs.forEach((part, i) => {
      const at = parts[i];
      if (at !== undefined && !this.places.has(part)) this.places.set(part, at);
    });
    return place;
  }

  has(tensor: Tensor): boolean {
    return this.places.has(tensor);
  }

  /** Where a tensor lies. What only moves elements is looked up through; a reshape of scattered elements is copied by `code`. */
  placeOf(tensor: Tensor, code: FunctionCode): Place {
    const known = this.places.get(tensor);
    if (known !== undefined) return known;
    const made = this.view(tensor, code);
    if (made === null) throw new Error(`${tensor.op} has no place`);
    this.places.set(tensor, made);
    return made;
  }

  private view(tensor: Tensor, code: FunctionCode): Place | null {
    if (isOp(tensor, 'fill')) return { kind: 'uniform', value: tensor.attributes.value };
    if (!movesOnly(tensor)) return null;
    const source = this.placeOf(inputAt(tensor.inputs, 0), code);
    if (source.kind === 'uniform') return source;
    if (isOp(tensor, 'broadcast')) return broadcastTo(source, tensor.shape);
    if (isOp(tensor, 'transpose')) return transposed(source, tensor.attributes.permutation);
    if (isOp(tensor, 'slice')) return sliced(source, tensor.attributes.starts, tensor.attributes.sizes);
    if (isOp(tensor, 'reshape')) return dense(this.dense(source, code).address, tensor.shape);
    return source;
  }

  /** The elements row by row: as they lie, or copied. */
  dense(place: Stored, code: FunctionCode): Stored {
    return isDense(place) ? place : this.copied(place, code);
  }

  /** A tensor of `shape` for code that takes four neighbours of the last axis at a time. */
  laneWise(tensor: Tensor, code: FunctionCode): Place {
    const place = this.placeOf(tensor, code);
    return place.kind === 'uniform' || isLaneWise(place) ? place : this.copied(place, code);
  }

  /** A tensor in memory, also where it is one number. */
  stored(tensor: Tensor, code: FunctionCode): Stored {
    const place = this.placeOf(tensor, code);
    if (place.kind === 'stored') return place;
    throw new Error('a uniform tensor where one in memory is needed');
  }

  /** The elements row by row in room of their own. */
  copied(place: Stored, code: FunctionCode): Stored {
    const known = this.copies.get(place);
    if (known !== undefined) return known;
    const copy = this.room(place.shape);
    emitCopy(code, place, copy);
    this.copies.set(place, copy);
    return copy;
  }
}

/** True for operations whose result is the elements of their input, seen otherwise. */
export const movesOnly = ({ op }: Tensor): boolean =>
  op === 'broadcast' || op === 'transpose' || op === 'slice' || op === 'reshape' || op === 'stopGradient';
