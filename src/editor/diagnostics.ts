import * as vscode from 'vscode';
import type { RelatedPlace } from '../records/finding';
import { toLocation, toRange, toSeverity, uriOf } from './convert';
import { documentationCommand } from './documentation';
import type { ShownFinding } from './model/findings';
import { fullMessage } from './model/findings';
import type { UnusedSuppression } from '../protocol/suppressions';
import type { Obstacle, Scripts } from './model/scripts';
import { sourceName } from './names';

/** Publishes what is found in each open script to the Problems view. */
export class DiagnosticsPublisher implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection(sourceName);
  private readonly subscription: { dispose(): void };

  constructor(private readonly scripts: Scripts) {
    this.subscription = scripts.onChange((path) => this.publish(path));
  }

  /** Takes down the findings of one script, or of all, until something changes there. */
  clear(path?: string): void {
    if (path === undefined) this.collection.clear();
    else this.collection.delete(uriOf(path));
  }

  dispose(): void {
    this.subscription.dispose();
    this.collection.dispose();
  }

  private publish(path: string): void {
    const shown = this.scripts.findingsIn(path);
    // A finding may stand in another file of the project than the script that was read.
    const byFile = new Map<string, vscode.Diagnostic[]>([[path, []]]);
    for (const one of shown) {
      const file = one.finding.range.path;
      const list = byFile.get(file) ?? [];
      list.push(toDiagnostic(one));
      byFile.set(file, list);
    }
    for (const obstacle of this.scripts.obstacles(path)) byFile.get(path)?.push(obstacleDiagnostic(obstacle));
    for (const unused of this.scripts.unusedSuppressions(path)) byFile.get(path)?.push(unusedDiagnostic(unused));
    for (const [file, list] of byFile) this.collection.set(uriOf(file), list);
  }
}

/** One squiggle: the place, the words, the page that explains the rule, and the places that led to it. */
export function toDiagnostic(shown: ShownFinding): vscode.Diagnostic {
  const { finding, stale } = shown;
  const diagnostic = new vscode.Diagnostic(toRange(finding.range), fullMessage(shown), toSeverity(finding.severity));
  diagnostic.source = sourceName;
  diagnostic.code = { value: finding.rule, target: documentationCommand(finding.rule) };
  diagnostic.relatedInformation = finding.related.map(
    (place: RelatedPlace) => new vscode.DiagnosticRelatedInformation(toLocation(place), place.message),
  );
  if (stale) diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  return diagnostic;
}

/** Code of the diagnostic that says why a unit was not trained. */
export const notTrainedCode = 'not-trained';

function obstacleDiagnostic({ unit, reason }: Obstacle): vscode.Diagnostic {
  const text = `${unit} was not trained: ${reason.text}`;
  const diagnostic = new vscode.Diagnostic(toRange(reason.range), text, vscode.DiagnosticSeverity.Information);
  diagnostic.source = sourceName;
  diagnostic.code = notTrainedCode;
  return diagnostic;
}

/** Code of the diagnostic on a comment that silences nothing. */
export const unusedSuppressionCode = 'unused-suppression';

function unusedDiagnostic({ suppression, rules }: UnusedSuppression): vscode.Diagnostic {
  const text = `Nothing is silenced here: ${rules.join(', ')} ${rules.length === 1 ? 'is' : 'are'} not found on this line.`;
  const diagnostic = new vscode.Diagnostic(toRange(suppression.range), text, vscode.DiagnosticSeverity.Hint);
  diagnostic.source = sourceName;
  diagnostic.code = unusedSuppressionCode;
  diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  return diagnostic;
}
