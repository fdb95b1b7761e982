import type { Browser, Page } from 'playwright-core';
import type { Scenario } from './streams';
import type { Bundle } from './build.mjs';

export const hasBrowser: boolean;
export function openBrowser(): Promise<Browser>;
export function openPanel(
  browser: Browser,
  bundle: Bundle,
  options: {
    readonly scenario: Scenario;
    readonly theme?: 'dark' | 'light' | 'contrast';
    readonly width?: number;
    readonly height?: number;
    readonly stored?: object;
  },
): Promise<Page & { errors: string[] }>;
export function settled(page: Page): Promise<void>;
