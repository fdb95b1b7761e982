import type { InspectionLog } from '../../src/protocol/inspection';
import type { InspectedPoint } from '../../src/records/inspection/point';
import type { InspectedSurface } from '../../src/records/inspection/surface';
import { paintDrawing } from '../charts/paintDrawing';
import type { Paper } from '../charts/paper';
import type { CardBlock, TextCard } from '../inspect/card';
import { contentOf, framesOf, partOf, planesOf, sections, withCost, type Slot } from '../inspect/cards';
import { drawingOfPicture, drawingOfSurface, type Drawing } from '../inspect/drawing';
import { remedyPicture, remedyTitle } from '../inspect/ravineView';
import { framePicture } from '../inspect/runView';
import { planeTitles } from '../inspect/surfaceView';
import { describeCost, describePoint } from '../inspect/words';
import { figureElement, theme } from './figureElement';
import { escaped, type Palette } from './svgPen';

/** What is known of the loss surface at one point, as markup: verdict, cuts, spectra, surfaces with the run's way, what was tried. */
export function inspectionHtml(log: InspectionLog, palette: Palette): string {
  const point = partOf(log, 'point');
  if (!point) return '';
  const body = sections.map(({ title, slots }) => {
    const cards = slots.flatMap((slot) => cardsOf(slot, log, point, palette)).join('');
    if (cards === '') return '';
    return `${title === '' ? '' : `<h5>${escaped(title)}</h5>`}<div class="cards">${cards}</div>`;
  });
  return `<h4>The loss surface: ${escaped(describePoint(point))}</h4>${body.join('')}`;
}

function cardsOf(slot: Slot, log: InspectionLog, point: InspectedPoint, palette: Palette): string[] {
  const figure = (drawing: Drawing, below = ''): string => figureHtml(drawing, palette, below);
  switch (slot) {
    case 'surface':
      return planesOf(log).map((surface) => figure(surfaceDrawing(surface, point)));
    case 'frames': {
      const frames = framesOf(log);
      return someOf(frames).map((frame) => figure(withCost(drawingOfPicture(framePicture(frame, frames)), frame.cost)));
    }
    case 'remedies': {
      const remedies = partOf(log, 'remedies');
      if (!remedies) return [];
      const tried = remedies.tried.map((one) => {
        const picture = remedyPicture(one, remedies.tried);
        const words = `<p class="quiet">${escaped(one.text)}</p>`;
        if (picture) return figure(drawingOfPicture(picture), words);
        return `<div class="card"><h6>${escaped(remedyTitle(one.remedy))}</h6><p>Not tried.</p>${words}</div>`;
      });
      return [...tried, `<p class="quiet cost">All of these together: ${escaped(describeCost(remedies.cost))}</p>`];
    }
    // What moves under sliders has no still picture.
    case 'playground':
      return [];
    default: {
      const content = contentOf(slot, log, point, 'eigenvectors');
      if (content?.drawing) return [figure(content.drawing())];
      return content?.card ? [cardHtml(content.card())] : [];
    }
  }
}

const surfaceDrawing = (surface: InspectedSurface, point: InspectedPoint): Drawing =>
  withCost(drawingOfSurface(surface, planeTitles[surface.plane], point.parameters), surface.cost);

/** The first, a middle and the last one. */
function someOf<T>(all: readonly T[]): T[] {
  const places = new Set([0, Math.floor((all.length - 1) / 2), all.length - 1]);
  return all.filter((_, i) => places.has(i));
}

function figureHtml(drawing: Drawing, palette: Palette, below: string): string {
  const { title, note, summary, legend, content } = drawing;
  const paint = (paper: Paper): void => paintDrawing(paper, content, theme, null);
  return figureElement({ title, note, summary, legend, below, paint }, palette);
}

const cardHtml = ({ title, blocks }: TextCard): string =>
  `<div class="card"><h6>${escaped(title)}</h6>${blocks.map(blockHtml).join('')}</div>`;

function blockHtml(block: CardBlock): string {
  switch (block.kind) {
    case 'sentences':
      return block.lines.length > 0 ? `<ul>${block.lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>` : '';
    case 'facts':
      return `<dl>${block.facts
        .map(
          ({ name, value, note }) =>
            `<dt>${escaped(name)}</dt><dd><strong>${escaped(value)}</strong> <span class="quiet">${escaped(note)}</span></dd>`,
        )
        .join('')}</dl>`;
    case 'heading':
      return `<p class="sub">${escaped(block.text)}</p>`;
    case 'paragraph':
      return `<p${block.look === 'card-cost' ? ' class="quiet cost"' : ''}>${escaped(block.text)}</p>`;
  }
}
