import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import type { GradientAt } from './gradientDifference';
import { gradientRounding, hasKinks } from './gradientGrain';
import { MinresSpace } from './minres';
import { NewtonSteps, placeAt, type DampedPlace, type GradientPlace } from './newtonSteps';
import type { LinearOperator } from './operator';
import { fallsOutward, fallsWithinRounding, type OutwardFall, type OutwardRay } from './outwardFall';
import { norm, plus } from './vector';

/** The loss's derivatives as callbacks. */
export interface Derivatives {
  readonly gradient: GradientAt;
  /** The Hessian at θ. One is asked for at a time: the one before need not last. */
  readonly hessian: (theta: Float32Array) => Promise<LinearOperator>;
  /** The loss itself: with it, what is said to fall outward is seen to. */
  readonly loss?: (theta: Float32Array) => Promise<number>;
}

/** Where the search ended. */
export interface NearestCriticalPoint {
  readonly theta: Float32Array;
  readonly gradientNorm: number;
  /** ‖g‖ where the search began. */
  readonly startGradientNorm: number;
  /** What single precision lets ‖g‖ tell at the end: by how much g changes when θ is rounded otherwise. */
  readonly gradientRounding: number;
  /** Distance from where it began. */
  readonly distance: number;
  readonly iterations: number;
  readonly applications: number;
  /**
   * `critical`: ‖g‖ fell to rounding, or as good as. `nearly`: it fell to the goal, and no further in as much work again: whether it has a
   * zero near there is not known. `gradientFlat`: ‖Hg‖/‖g‖ is under a thousandth of the largest curvature seen and ‖g‖ stays: a
   * minimum of ‖g‖ that is no critical point, as far as is to be told. `kinked`: g jumps at distances at which it should change in
   * proportion, so that ‖g‖ has no smooth way down. `outward`: no zero at a finite distance, as far as is seen: loss and ‖g‖ fade on and on the further one goes. `stalled`: no step makes ‖g‖
   * smaller, or hardly any. `maximum`: the work is used up.
   */
  readonly stopped: 'critical' | 'nearly' | 'gradientFlat' | 'kinked' | 'outward' | 'stalled' | 'maximum' | 'cancelled';
  /** What was seen of it where it is `outward`; else null. */
  readonly outward: OutwardFall | null;
}

/** Goals and limits of the search. */
export interface NearestCriticalPointOptions {
  /** ‖g‖ over `largestGradientNorm` at which a point counts as nearly critical. Default 1e-4. From there the search goes on to rounding, for as much work again. */
  readonly tolerance?: number;
  /** What ‖g‖ is compared with. Default: where the search begins, and no less than that. */
  readonly largestGradientNorm?: number;
  /** Default 50. */
  readonly maximumIterations?: number;
  /** Applications within one space. Default 50. */
  readonly maximumApplications?: number;
  /** Applications of all iterations together. Default: no limit. */
  readonly totalApplications?: number;
  /** Iterations and applications that the search may take beyond twice those to the goal. Defaults 20 and 1500. */
  readonly further?: { readonly iterations: number; readonly applications: number };
  /** False where the gradient is known to have no jumps: then none are looked for. Default true. */
  readonly mayHaveKinks?: boolean;
  /** Directions in which the loss may fall for ever, to be looked along beside the way of the search and all of θ. */
  readonly rays?: readonly Omit<OutwardRay, 'fades'>[];
  readonly cancel?: CancelToken;
  /** Called after every iteration. */
  readonly onIteration?: (iteration: number, gradientNorm: number) => void;
}

/** Over so many iterations ‖g‖ must fall by this share, or no step is taken to make it smaller. */
const patience = 8;
const leastFall = 0.03;
/** When it falls by less than this over so many, it is looked whether kinks are why. */
const slowFor = 4;
const slowFall = 0.3;
/** ‖Hg‖/‖g‖ over the largest curvature of the search, under which H sees nothing of g. */
const flatStretch = 1e-3;
/** How much larger than before ‖g‖ may be half way through an iteration: at first, at most, and the least that is worth a try. */
const [firstBoldness, mostBoldness, leastBoldness] = [3, 100, 2.5];
/** Size of the space in which a bold step is corrected, and how often at most. */
const [correctorSize, mostCorrections] = [20, 5];
/**
 * Multiples of rounding at which ‖g‖ counts as zero: at once, and when it falls no further (what is measured as rounding is half of what
 * one evaluation may add); and at which it is not worth the while to ask for less.
 */
const [atRounding, leftRounding, nearRounding] = [3, 6, 15];
/** What sums of single precision leave of a gradient of that size whose parts cancel. */
const evaluationRounding = 2 ** -20;
/** From the goal on the search may take as many iterations and applications as it took to there, and so many more. */
const usualFurther = { iterations: 20, applications: 1500 };
/** A step is no longer than this share of θ, or of a θ of usual first values. */
const longestShare = 2;

/**
 * Minimises ½‖g‖² by minimum-residual Newton steps Hp = -g (Newton-MR: Roosta, Liu, Xu and Mahoney 2018; for saddles of networks Frye
 * and others 2021), damped as by Levenberg and Marquardt: it is drawn to saddles as much as to minima. All dampings of one iteration
 * share one Krylov space.
 *
 * ‖g‖ lies in curved valleys, whose walls are as steep as the square of the curvature: steps that keep ‖g‖ falling must be short. So each
 * iteration also takes a bold step, after which ‖g‖ may be many times larger, and corrects it by further steps in small spaces, as stiff
 * directions, to which the rise belongs, are told first. The better of both is kept (nonmonotone, with a watchdog: Chamberlain and others 1982).
 */
export async function nearestCriticalPoint(
  derivatives: Derivatives,
  start: Float32Array,
  options: NearestCriticalPointOptions = {},
): Promise<NearestCriticalPoint> {
  const search = new Search(derivatives, await placeAt(derivatives.gradient, start.slice()), options);
  const stopped = await search.run();
  const { place, norms, applications, rounding } = search;
  return {
    theta: place.theta,
    gradientNorm: place.norm,
    startGradientNorm: norms[0] as number,
    gradientRounding: rounding,
    distance: norm(plus(place.theta, -1, start)),
    iterations: norms.length - 1,
    applications,
    stopped,
    outward: stopped === 'outward' ? search.outward : null,
  };
}

/** The first space of an iteration, and the size from which on it is enough that weaker damping tells more. */
const [firstSize, usualSize] = [20, 60];

class Search {
  readonly norms: number[];
  applications = 0;
  rounding = 0;
  outward: OutwardFall | null = null;
  private damping = 1e-4;
  private boldness = firstBoldness;
  private stretch = Infinity;
  private largestCurvature = 0;
  /** Where the last two iterations began. */
  private earlier: readonly Float32Array[] = [];
  private readonly cancel: CancelToken;
  private readonly start: Float32Array;
  /** The work after which the search ends, known once the goal is reached. */
  private most = { iterations: Infinity, applications: Infinity };

  constructor(
    private readonly derivatives: Derivatives,
    public place: GradientPlace,
    private readonly options: NearestCriticalPointOptions,
  ) {
    this.norms = [place.norm];
    this.start = place.theta;
    this.cancel = options.cancel ?? never;
  }

  async run(): Promise<NearestCriticalPoint['stopped']> {
    const { maximumIterations = 50, totalApplications = Infinity } = this.options;
    for (;;) {
      this.rounding = await gradientRounding(this.derivatives.gradient, this.place);
      const iterations = this.norms.length - 1;
      if (this.place.norm <= atRounding * this.rounding) return this.whatZero();
      if (this.isGood() && this.most.iterations === Infinity) {
        if (await this.fadesOutward('part')) return 'outward';
        const further = this.options.further ?? usualFurther;
        this.most = {
          iterations: 2 * iterations + further.iterations,
          applications: 2 * this.applications + further.applications,
        };
      }
      if (this.cancel.cancelled) return 'cancelled';
      if (this.fellLess(leastFall, patience)) return this.whyNot('stalled');
      if (this.fellLess(slowFall, slowFor) && (await this.hasKinks())) return 'kinked';
      const isSpent = iterations >= this.most.iterations || this.applications >= this.most.applications;
      if (isSpent || iterations >= maximumIterations || this.applications >= totalApplications) return this.whyNot('maximum');
      const moved = await this.iterate();
      if (!moved) return this.cancel.cancelled ? 'cancelled' : this.whyNot('stalled');
      this.options.onIteration?.(this.norms.length - 1, this.place.norm);
    }
  }

  /** What ‖g‖ is compared with. */
  private get beside(): number {
    return Math.max(this.options.largestGradientNorm ?? 0, this.norms[0] as number);
  }

  /** What of ‖g‖ may be rounding, of θ and of the sums that it is made of. */
  private get anyRounding(): number {
    return Math.max(nearRounding * this.rounding, evaluationRounding * this.beside);
  }

  private isGood(): boolean {
    const { tolerance = 1e-4 } = this.options;
    return this.place.norm <= Math.max(tolerance * this.beside, nearRounding * this.rounding);
  }

  /** What a gradient is that cannot be told from zero: one that only fades may have come to rounding on its way. */
  private async whatZero(): Promise<NearestCriticalPoint['stopped']> {
    if (await this.fadesOutward('part')) return 'outward';
    const { derivatives, place, earlier, start } = this;
    const way = plus(place.theta, -1, earlier[0] ?? start);
    return (await fallsWithinRounding(derivatives, place, way)) ? 'nearly' : 'critical';
  }

  private async whyNot(otherwise: 'stalled' | 'maximum'): Promise<NearestCriticalPoint['stopped']> {
    // What is left of ‖g‖ where nothing makes it smaller hides what fades along a ray, unless all of it is rounding.
    if (await this.fadesOutward(this.place.norm > this.anyRounding ? 'hidden' : 'part')) return 'outward';
    if (this.place.norm <= leftRounding * this.rounding) return this.whatZero();
    if (this.isGood()) return 'nearly';
    if (await this.hasKinks()) return 'kinked';
    return otherwise === 'stalled' && this.stretch <= flatStretch * this.largestCurvature ? 'gradientFlat' : otherwise;
  }

  /** Whether ‖g‖ fell by less than this share over so many iterations. */
  private fellLess(share: number, iterations: number): boolean {
    const before = this.norms[this.norms.length - 1 - iterations];
    return before !== undefined && this.place.norm > (1 - share) * before;
  }

  private async hasKinks(): Promise<boolean> {
    const { derivatives, place, rounding, options } = this;
    if (options.mayHaveKinks === false) return false;
    return hasKinks(derivatives.gradient, await derivatives.hessian(place.theta), place, rounding);
  }

  /**
   * Whether the loss falls on further out, as a cross-entropy of classes that are told apart does: where the way of the last iterations is
   * gone on, where all of θ is scaled up, or along a ray that is known to be worth a look.
   */
  private async fadesOutward(along: 'part' | 'hidden'): Promise<boolean> {
    const { place, derivatives, options } = this;
    const way = plus(place.theta, -1, this.earlier[0] ?? this.start);
    const goneOn = { name: 'the way of the search', direction: () => way, fades: 'all' } as const;
    const scaledUp = { name: 'all parameters scaled up', direction: (theta: Float32Array) => theta, fades: 'all' } as const;
    const rays = (options.rays ?? []).map((ray) => ({ ...ray, fades: along }));
    for (const ray of [goneOn, scaledUp, ...rays]) {
      this.outward = await fallsOutward(derivatives, place, ray, this.anyRounding);
      if (this.outward !== null) return true;
    }
    return false;
  }

  /** One iteration; false when no step makes ‖g‖ smaller. */
  private async iterate(): Promise<boolean> {
    const before = this.place;
    const { space, steps } = await this.open(before, this.options.maximumApplications ?? 50);
    await this.fill(space);
    this.stretch = space.stretch;
    this.largestCurvature = Math.max(this.largestCurvature, space.magnitude);
    const plain = this.cancel.cancelled ? null : await steps.best(this.damping);
    const bold = plain === null ? null : await steps.bold(plain, this.boldness);
    space.close();
    if (plain === null) return false;
    this.damping = plain.damping;
    let next: GradientPlace = plain;
    if (bold !== null) {
      const corrected = await this.corrected(bold, Math.min(plain.norm, before.norm));
      if (corrected.norm < plain.norm) next = corrected;
      this.learn(corrected.norm < Math.min(plain.norm, before.norm));
    }
    if (!(next.norm < before.norm)) return false;
    this.earlier = [...this.earlier.slice(-1), before.theta];
    this.place = next;
    this.norms.push(next.norm);
    return true;
  }

  /** Bolder after a success; less bold after a failure, and from the least anew from the most. */
  private learn(paid: boolean): void {
    if (paid) this.boldness = Math.min(mostBoldness, this.boldness * 2);
    else this.boldness = this.boldness / 3 < leastBoldness ? mostBoldness : this.boldness / 3;
  }

  /** Steps from a bold one on, each in a small space, until ‖g‖ is under `goal` or hardly falls. */
  private async corrected(bold: DampedPlace, goal: number): Promise<GradientPlace> {
    let place: GradientPlace = bold;
    let damping = 1e-3;
    for (let round = 0; round < mostCorrections && !this.cancel.cancelled; round++) {
      const { space, steps } = await this.open(place, correctorSize);
      await space.extend(correctorSize);
      this.applications += space.applications;
      const next = await steps.best(damping);
      space.close();
      if (!(next.norm < place.norm)) break;
      const fall = next.norm / place.norm;
      place = next;
      damping = next.damping;
      if (place.norm < 0.9 * goal || fall > 0.8) break;
    }
    return place;
  }

  private async open(from: GradientPlace, size: number): Promise<{ readonly space: MinresSpace; readonly steps: NewtonSteps }> {
    const { derivatives, options, cancel } = this;
    const left = Math.max(1, (options.totalApplications ?? Infinity) - this.applications);
    const space = new MinresSpace(await derivatives.hessian(from.theta), from.gradient, Math.min(size, left), cancel);
    const longest = longestShare * Math.max(norm(from.theta), 0.1 * Math.sqrt(from.theta.length));
    return { space, steps: new NewtonSteps(derivatives.gradient, from, space, longest) };
  }

  /** Grows a space until it solves the system, or, once it has its usual size, until weaker damping tells more: not it is the limit then. */
  private async fill(space: MinresSpace): Promise<void> {
    for (let size = firstSize; ; size = Math.ceil(1.5 * size)) {
      await space.extend(size);
      const all = space.residual(0);
      const limits = all >= 0.9 * space.residual((this.damping / 8) * space.magnitude ** 2);
      if (space.complete || this.cancel.cancelled || all < 0.1 || (size >= usualSize && !limits)) break;
    }
    this.applications += space.applications;
  }
}
