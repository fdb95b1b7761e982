import type { Analysis } from './analysis';

let loading: Promise<Analysis> | null = null;

/**
 * Loads the parser and the rules once, at the first need: they are a bundle of their own (`dist/analysis.js`), which
 * the activation does not touch. The grammar's files lie beside it.
 */
export function loadAnalysis(): Promise<Analysis> {
  loading ??= import('./analysis.js').then(({ openAnalysis }) => openAnalysis(__dirname));
  return loading;
}
