import { accuracyFigure } from './accuracy';
import { curvatureFigure } from './curvature';
import type { Figure } from './figure';
import { gradientFigure } from './gradients';
import { lossFigure } from './loss';
import { rateFigure } from './rates';
import { rowGradientFigure } from './rowGradients';
import { turnFigure } from './turns';
import { unitFigure } from './units';
import { updateFigure } from './updates';

/** Every figure of the panel, in reading order. A new one is written here and nowhere else. */
export const figures: readonly Figure[] = [
  lossFigure,
  curvatureFigure,
  accuracyFigure,
  rateFigure,
  gradientFigure,
  updateFigure,
  turnFigure,
  rowGradientFigure,
  unitFigure,
];
