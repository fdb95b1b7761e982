import type { InspectionLog } from '../../src/protocol/inspection';
import type { InspectionCost } from '../../src/records/inspection/cost';
import type { InspectionPart } from '../../src/records/inspection/part';
import type { InspectedPoint } from '../../src/records/inspection/point';
import type { InspectedFrame } from '../../src/records/inspection/spectrum';
import type { InspectedSurface, PlaneKind } from '../../src/records/inspection/surface';
import { costs, facts, sentences, sumOf, type TextCard } from './card';
import { drawingOfPicture, drawingOfSurface, type Drawing } from './drawing';
import { noiseFacts } from './noiseWords';
import { branchPicture, chordPicture, densityPicture, slicePicture } from './pictures';
import { modesPicture, ravineFacts } from './ravineView';
import { describeMinima, layersDrawing, minimaFacts, minimaPicture } from './runView';
import { planeTitles } from './surfaceView';
import { verdictCard } from './verdictCard';
import { describeEscape } from './escapeWords';
import { conditioningFacts, describeCost, gainFacts } from './words';

/** Cards by section, in reading order. `frames`, `remedies` and `playground` keep a state of their own. */
export const sections = [
  { title: '', slots: ['verdict', 'surface'] },
  { title: 'Along lines', slots: ['slice gradient', 'slice step', 'slice path', 'slice top', 'slice bottom'] },
  { title: 'The way out', slots: ['escape', 'branches'] },
  { title: 'Spectrum', slots: ['density', 'conditioning', 'frames', 'noise', 'layers'] },
  { title: 'Ravine', slots: ['ravine', 'modes', 'remedies'] },
  { title: 'Optimizers side by side', slots: ['playground'] },
  { title: 'Convexity and several minima', slots: ['convexity', 'chord', 'ends', 'minima'] },
] as const;

/** Place of a card. */
export type Slot = (typeof sections)[number]['slots'][number];

/** What a card is made from, and how. */
export interface Content {
  /** Made again when one of these is another. */
  readonly from: readonly unknown[];
  readonly drawing?: () => Drawing;
  readonly card?: () => TextCard;
}

/** Null while there is nothing for the slot. */
export function contentOf(slot: Slot, log: InspectionLog, point: InspectedPoint, plane: PlaneKind): Content | null {
  switch (slot) {
    case 'verdict': {
      const [verdict, density] = [partOf(log, 'verdict'), partOf(log, 'density')];
      return { from: [point, verdict, density], card: () => verdictCard(point, verdict, density) };
    }
    case 'surface':
      return surfaceContent(log, point, plane);
    case 'escape': {
      const escape = partOf(log, 'escape');
      if (!escape) return null;
      const blocks = [sentences(describeEscape(escape)), costs(escape.cost)];
      return { from: [escape], card: () => ({ kind: 'escape', title: 'How long it takes', blocks }) };
    }
    case 'branches': {
      const escape = partOf(log, 'escape');
      if (!escape || escape.branches.length === 0) return null;
      return { from: [escape], drawing: () => drawingOfPicture(branchPicture(escape)) };
    }
    case 'density': {
      const density = partOf(log, 'density');
      return density && drawn(density, () => drawingOfPicture(densityPicture(density)));
    }
    case 'conditioning':
      return conditioningContent(log, point);
    case 'noise': {
      const noise = partOf(log, 'noise');
      const title = 'How rows, batches and layers differ';
      return (
        noise && { from: [noise], card: () => ({ kind: 'noise', title, blocks: [facts(noiseFacts(noise)), costs(noise.cost)] }) }
      );
    }
    case 'layers': {
      const frames = framesOf(log);
      const drawing = layersDrawing(frames);
      const cost = sumOf(frames.map((frame) => frame.cost));
      return drawing && { from: frames, drawing: () => withCost(drawing, cost) };
    }
    case 'ravine': {
      const ravine = partOf(log, 'ravine');
      const title = 'How the steps lie in it';
      return (
        ravine && {
          from: [ravine],
          card: () => ({ kind: 'ravine', title, blocks: [facts(ravineFacts(ravine)), costs(ravine.cost)] }),
        }
      );
    }
    case 'modes': {
      const ravine = partOf(log, 'ravine');
      const picture = ravine && modesPicture(ravine);
      return picture && { from: [ravine], drawing: () => drawingOfPicture(picture) };
    }
    case 'convexity':
      return convexityContent(log);
    case 'chord': {
      const convexity = partOf(log, 'convexity');
      const picture = convexity && chordPicture(convexity);
      return picture && convexity && drawn(convexity, () => drawingOfPicture(picture));
    }
    case 'ends': {
      const minima = partOf(log, 'minima');
      if (!minima) return null;
      const blocks = [sentences(describeMinima(minima)), facts(minimaFacts(minima)), costs(minima.cost)];
      return { from: [minima], card: () => ({ kind: 'ends', title: 'Several minima', blocks }) };
    }
    case 'minima': {
      const minima = partOf(log, 'minima');
      return minima && { from: [minima], drawing: () => drawingOfPicture(minimaPicture(minima)) };
    }
    case 'frames':
    case 'remedies':
    case 'playground':
      return null;
    default: {
      const slice = log.parts.get(slot);
      return slice?.part === 'slice' ? drawn(slice, () => drawingOfPicture(slicePicture(slice))) : null;
    }
  }
}

/** The chosen plane, or one that has come already; a single row is no surface. */
function surfaceContent(log: InspectionLog, point: InspectedPoint, plane: PlaneKind): Content | null {
  const all = planesOf(log);
  const surface = all.find((part) => part.plane === plane) ?? all[0];
  return surface ? drawn(surface, () => drawingOfSurface(surface, planeTitles[surface.plane], point.parameters)) : null;
}

/** A drawing of one part, with what the part took in its note. */
const drawn = (part: { readonly cost: InspectionCost }, drawing: () => Drawing): Content => ({
  from: [part],
  drawing: () => withCost(drawing(), part.cost),
});

/** The drawing with what its numbers took in its note. */
export function withCost(drawing: Drawing, cost: InspectionCost): Drawing {
  return { ...drawing, note: [drawing.note, describeCost(cost)].filter((words) => words !== '').join(' · ') };
}

function conditioningContent(log: InspectionLog, point: InspectedPoint): Content | null {
  const [conditioning, gains] = [partOf(log, 'conditioning'), partOf(log, 'gains')];
  if (!conditioning && !gains) return null;
  const list = [...(gains ? gainFacts(gains, point.loss) : []), ...(conditioning ? conditioningFacts(conditioning) : [])];
  const cost = costs(...[gains, conditioning].flatMap((part) => (part ? [part.cost] : [])));
  return {
    from: [conditioning, gains],
    card: () => ({ kind: 'stretch', title: 'What steps gain, and how stretched it is', blocks: [facts(list), cost] }),
  };
}

function convexityContent(log: InspectionLog): Content | null {
  const convexity = partOf(log, 'convexity');
  if (!convexity) return null;
  const title = { certified: 'Convex', disproved: 'Not convex', undecided: 'Convexity undecided' }[convexity.kind];
  return {
    from: [convexity],
    card: () => ({ kind: 'convexity', title, blocks: [sentences([convexity.text]), costs(convexity.cost)] }),
  };
}

/** The planes that have come, without the single row of a model of one parameter. */
export const planesOf = (log: InspectionLog): InspectedSurface[] =>
  [...log.parts.values()].filter((part): part is InspectedSurface => part.part === 'surface' && part.ys.length > 1);

/** The spectra along the run that have come, by step. */
export const framesOf = (log: InspectionLog): InspectedFrame[] =>
  [...log.parts.values()].filter((part): part is InspectedFrame => part.part === 'frame').sort((a, b) => a.step - b.step);

/** A part that there is one of. */
export function partOf<K extends InspectionPart['part']>(
  log: InspectionLog | null,
  kind: K,
): Extract<InspectionPart, { readonly part: K }> | null {
  const part = log?.parts.get(kind);
  return part?.part === kind ? (part as Extract<InspectionPart, { readonly part: K }>) : null;
}
