/** Source of every diagnostic, and the prefix of settings in pyproject.toml. */
export const sourceName = 'descent-lens';

/** Commands, as package.json declares them. */
export const commands = {
  diagnose: 'descentLens.diagnose',
  cancel: 'descentLens.cancel',
  compare: 'descentLens.compare',
  openPanel: 'descentLens.openPanel',
  clearFindings: 'descentLens.clearFindings',
  showLog: 'descentLens.showLog',
  explain: 'descentLens.explainRule',
  applyFix: 'descentLens.applyFix',
  fixAll: 'descentLens.fixAll',
  suppress: 'descentLens.suppress',
  pickData: 'descentLens.pickData',
  standIn: 'descentLens.standIn',
  giveValue: 'descentLens.giveValue',
  inspectCriticalPoint: 'descentLens.inspectCriticalPoint',
  openExamples: 'descentLens.openExamples',
  walkthrough: 'descentLens.openWalkthrough',
} as const;

/** Type of the panel's webview, for its serializer. */
export const panelType = 'descentLens.panel';

/** Scheme of the documentation pages. */
export const documentationScheme = 'descent-lens-docs';

/** What the providers look at. */
export const pythonSelector = [{ language: 'python' }] as const;
