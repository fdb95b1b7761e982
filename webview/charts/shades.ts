import { mix, type Theme } from '../colours';

/** From low to high: from just above the theme's ground to its orange. */
export const shadeOf = (share: number, theme: Theme): string => mix(theme.background, theme.hues.orange, 0.08 + 0.87 * share);
