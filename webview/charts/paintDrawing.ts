import type { Theme } from '../colours';
import type { DrawingContent, Place } from '../inspect/drawing';
import { pictureView } from '../inspect/picture';
import { plotBox } from '../inspect/plotBox';
import { surfaceView } from '../inspect/surfaceView';
import { paintHeat } from './paintHeat';
import { paintPicture } from './paintPicture';
import { paintRelief } from './paintRelief';
import { paintSurface } from './paintSurface';
import type { Paper } from './paper';

/** Paints a drawing; nothing where it has no value that axes can show. */
export function paintDrawing(paper: Paper, content: DrawingContent, theme: Theme, cursor: Place | null): void {
  const box = plotBox(paper);
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  if (content.kind === 'picture') {
    const { picture, stops } = content;
    const view = pictureView(picture, width, height);
    if (view) paintPicture(paper, picture, view, theme, cursor ? (stops[cursor[0]] ?? null) : null);
    return;
  }
  if (content.kind === 'heat')
    return paintHeat(paper, content.map, theme, cursor && [cursor[0], content.map.rows.length - 1 - cursor[1]]);
  const view = surfaceView(content.surface, width, height);
  if (!view) return;
  if (content.kind === 'relief') paintRelief(paper, content.surface, content.ways, view.relief, content.turn, theme);
  else paintSurface(paper, content.surface, content.ways, view, theme, cursor);
}
