import type { InspectionLog } from '../../src/protocol/inspection';
import type { InspectionPart } from '../../src/records/inspection/part';
import type { InspectedPoint } from '../../src/records/inspection/point';
import type { InspectedFrame } from '../../src/records/inspection/spectrum';
import type { InspectedSurface, PlaneKind } from '../../src/records/inspection/surface';
import { element } from '../dom';
import { drawingOfPicture, drawingOfSurface, type Drawing } from '../inspect/drawing';
import { branchPicture, chordPicture, densityPicture, slicePicture } from '../inspect/pictures';
import { modesPicture, ravineFacts } from '../inspect/ravineView';
import { describeMinima, layersDrawing, minimaFacts, minimaPicture } from '../inspect/runView';
import { planeTitles } from '../inspect/surfaceView';
import { conditioningFacts, describeCost, describeEscape, gainFacts } from '../inspect/words';
import { noiseFacts } from '../inspect/noiseWords';
import { factList, sentences, textCard } from './facts';
import { verdictCard } from './verdictCard';

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
  readonly card?: () => HTMLElement;
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
      const cost = element('p', { class: 'card-cost', text: describeCost(escape.cost) });
      return { from: [escape], card: () => textCard('escape', 'How long it takes', [sentences(describeEscape(escape)), cost]) };
    }
    case 'branches': {
      const escape = partOf(log, 'escape');
      if (!escape || escape.branches.length === 0) return null;
      return { from: [escape], drawing: () => drawingOfPicture(branchPicture(escape)) };
    }
    case 'density': {
      const density = partOf(log, 'density');
      return density && { from: [density], drawing: () => drawingOfPicture(densityPicture(density)) };
    }
    case 'conditioning':
      return conditioningContent(log);
    case 'noise': {
      const noise = partOf(log, 'noise');
      const title = 'How rows, batches and layers differ';
      return noise && { from: [noise], card: () => textCard('noise', title, [factList(noiseFacts(noise))]) };
    }
    case 'layers': {
      const frames = framesOf(log);
      const drawing = layersDrawing(frames);
      return drawing && { from: frames, drawing: () => drawing };
    }
    case 'ravine': {
      const ravine = partOf(log, 'ravine');
      return (
        ravine && { from: [ravine], card: () => textCard('ravine', 'How the steps lie in it', [factList(ravineFacts(ravine))]) }
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
      return picture && { from: [convexity], drawing: () => drawingOfPicture(picture) };
    }
    case 'ends': {
      const minima = partOf(log, 'minima');
      const content = (): HTMLElement[] => (minima ? [sentences(describeMinima(minima)), factList(minimaFacts(minima))] : []);
      return minima && { from: [minima], card: () => textCard('ends', 'Several minima', content()) };
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
      return slice?.part === 'slice' ? { from: [slice], drawing: () => drawingOfPicture(slicePicture(slice)) } : null;
    }
  }
}

/** The chosen plane, or one that has come already; a single row is no surface. */
function surfaceContent(log: InspectionLog, point: InspectedPoint, plane: PlaneKind): Content | null {
  const all = planesOf(log);
  const surface = all.find((part) => part.plane === plane) ?? all[0];
  return surface
    ? { from: [surface], drawing: () => drawingOfSurface(surface, planeTitles[surface.plane], point.parameters) }
    : null;
}

function conditioningContent(log: InspectionLog): Content | null {
  const [conditioning, gains] = [partOf(log, 'conditioning'), partOf(log, 'gains')];
  if (!conditioning && !gains) return null;
  const facts = [...(gains ? gainFacts(gains) : []), ...(conditioning ? conditioningFacts(conditioning) : [])];
  return {
    from: [conditioning, gains],
    card: () => textCard('stretch', 'What steps gain, and how stretched it is', [factList(facts)]),
  };
}

function convexityContent(log: InspectionLog): Content | null {
  const convexity = partOf(log, 'convexity');
  if (!convexity) return null;
  const title = { certified: 'Convex', disproved: 'Not convex', undecided: 'Convexity undecided' }[convexity.kind];
  return { from: [convexity], card: () => textCard('convexity', title, [sentences([convexity.text])]) };
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
