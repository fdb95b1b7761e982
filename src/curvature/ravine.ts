import { axpy, dot, norm } from './vector';

/** How the steps taken so far lie about one stiff direction. */
export interface RavineProgress {
  readonly steps: number;
  /** Share of successive steps that turn round along the stiff direction; over .7 the path bounces between the walls. */
  readonly alternation: number;
  /** ‖Σ steps‖/Σ‖step‖: 1 for a straight path, under .2 for one that hardly moves on. */
  readonly straightness: number;
  /** The same across the stiff direction only: how straight the path is along the floor. */
  readonly floorStraightness: number;
  /** Share of the path's length that went along the stiff direction. */
  readonly stiffShare: number;
}

/** Adds up steps about a stiff unit direction (the top eigenvector), as they are made; two vectors of memory. */
export class RavineAccount {
  private readonly total: Float32Array;
  private readonly rest: Float32Array;
  private count = 0;
  private turns = 0;
  private before = 0;
  private length = 0;
  private stiffLength = 0;
  private restLength = 0;

  constructor(private readonly stiff: Float32Array) {
    this.total = new Float32Array(stiff.length);
    this.rest = new Float32Array(stiff.length);
  }

  /** Takes one step of the parameters into account. */
  add(step: Float32Array): void {
    const along = dot(step, this.stiff);
    const length = norm(step);
    if (this.count > 0 && along * this.before < 0) this.turns++;
    this.before = along;
    this.count++;
    this.length += length;
    this.stiffLength += Math.abs(along);
    this.restLength += Math.sqrt(Math.max(0, length * length - along * along));
    axpy(1, step, this.total);
    axpy(1, step, this.rest);
    axpy(-along, this.stiff, this.rest);
  }

  progress(): RavineProgress {
    const over = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
    return {
      steps: this.count,
      alternation: over(this.turns, this.count - 1),
      straightness: over(norm(this.total), this.length),
      floorStraightness: over(norm(this.rest), this.restLength),
      stiffShare: over(this.stiffLength, this.length),
    };
  }
}
