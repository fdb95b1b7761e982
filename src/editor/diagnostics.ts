import * as vscode from 'vscode';
import type { RelatedPlace } from '../records/finding';
import type { SourceRange } from '../records/source';
import { toSeverity } from './convert';
import { documentationCommand } from './documentation';
import type { ShownFinding } from './model/findings';
import { fullMessage } from './model/findings';
import type { UnusedSuppression } from '../protocol/suppressions';
import type { Obstacle, Scripts } from './model/scripts';
import { sourceName } from './names';
import { locationOf } from './places';

/** Diagnostics of one script by the address of the document that they stand in. */
type ByDocument = ReadonlyMap<string, readonly vscode.Diagnostic[]>;

/** Publishes what is found in each open script to the Problems view. */
export class DiagnosticsPublisher implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection(sourceName);
  private readonly published = new Map<string, ByDocument>();
  private readonly subscription: { dispose(): void };

  constructor(private readonly scripts: Scripts) {
    this.subscription = scripts.onChange((path) => this.publish(path));
  }

  /** Takes down all findings, until something changes in their script. */
  clear(): void {
    this.published.clear();
    this.collection.clear();
  }

  dispose(): void {
    this.subscription.dispose();
    this.collection.dispose();
  }

  private publish(path: string): void {
    const before = this.published.get(path);
    const now = this.diagnosticsOf(path);
    this.published.set(path, now);
    for (const address of new Set([...(before?.keys() ?? []), ...now.keys()])) {
      const all = [...this.published.values()].flatMap((script) => script.get(address) ?? []);
      this.collection.set(vscode.Uri.parse(address, true), all);
    }
  }

  /** A finding may stand in another file of the project than the script that was read, and in a cell of a notebook. */
  private diagnosticsOf(path: string): ByDocument {
    const byDocument = new Map<string, vscode.Diagnostic[]>();
    const add = (range: SourceRange, diagnostic: vscode.Diagnostic): void => {
      const address = locationOf(range).uri.toString();
      byDocument.set(address, [...(byDocument.get(address) ?? []), diagnostic]);
    };
    for (const one of this.scripts.findingsIn(path)) add(one.finding.range, toDiagnostic(one));
    for (const obstacle of this.scripts.obstacles(path)) add(obstacle.reason.range, obstacleDiagnostic(obstacle));
    for (const unused of this.scripts.unusedSuppressions(path)) add(unused.suppression.range, unusedDiagnostic(unused));
    return byDocument;
  }
}

/** One squiggle: the place, the words, the page that explains the rule, and the places that led to it. */
export function toDiagnostic(shown: ShownFinding): vscode.Diagnostic {
  const { finding, stale } = shown;
  const diagnostic = new vscode.Diagnostic(locationOf(finding.range).range, fullMessage(shown), toSeverity(finding.severity));
  diagnostic.source = sourceName;
  diagnostic.code = { value: finding.rule, target: documentationCommand(finding.rule) };
  diagnostic.relatedInformation = finding.related.map(
    (place: RelatedPlace) => new vscode.DiagnosticRelatedInformation(locationOf(place), place.message),
  );
  if (stale) diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  return diagnostic;
}

/** Code of the diagnostic that says why a unit was not trained. */
export const notTrainedCode = 'not-trained';

function obstacleDiagnostic({ unit, reason, isStandIn }: Obstacle): vscode.Diagnostic {
  const text =
    reason.missing?.kind === 'value'
      ? `${unit} cannot be trained yet. ${reason.text}: give it by the quick fix, and it is remembered.`
      : isStandIn
        ? `${unit}: ${reason.text}`
        : `${unit} was not trained: ${reason.text}${reason.missing?.kind === 'rows' ? '. Its rows are not known; stand-in data can take their place by the quick fix.' : ''}`;
  const diagnostic = new vscode.Diagnostic(locationOf(reason.range).range, text, vscode.DiagnosticSeverity.Information);
  diagnostic.source = sourceName;
  diagnostic.code = notTrainedCode;
  return diagnostic;
}

/** Code of the diagnostic on a comment that silences nothing. */
export const unusedSuppressionCode = 'unused-suppression';

function unusedDiagnostic({ suppression, rules }: UnusedSuppression): vscode.Diagnostic {
  const text = `Nothing is silenced here: ${rules.join(', ')} ${rules.length === 1 ? 'is' : 'are'} not found on this line.`;
  const diagnostic = new vscode.Diagnostic(locationOf(suppression.range).range, text, vscode.DiagnosticSeverity.Hint);
  diagnostic.source = sourceName;
  diagnostic.code = unusedSuppressionCode;
  diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  return diagnostic;
}
