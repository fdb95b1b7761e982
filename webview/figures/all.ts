import { accuracyFigure } from './accuracy';
import { curvatureFigure } from './curvature';
import type { Figure } from './figure';
import { gradientFigure } from './gradients';
import { lossFigure } from './loss';
import { rateFigure } from './rates';
import { unitFigure } from './units';

/** Every figure of the panel, in reading order. A new one is written here and nowhere else. */
export const figures: readonly Figure[] = [lossFigure, curvatureFigure, accuracyFigure, rateFigure, gradientFigure, unitFigure];
