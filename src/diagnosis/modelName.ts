import type { Evidence } from './rule';
import { textAt } from './text';

/** The variable that holds the model, from `model.parameters()`; null when it is written otherwise. */
export function modelName(e: Evidence): string | null {
  const { optimizer } = e.experiment;
  if (optimizer === null) return null;
  return (
    /^\s*(?:params\s*=\s*)?([A-Za-z_][\w.]*)\.parameters\(\)\s*$/.exec(
      textAt(e.texts, optimizer.parametersArgument) ?? '',
    )?.[1] ?? null
  );
}
