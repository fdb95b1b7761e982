import type { InspectedPoint } from '../../src/records/inspection/point';
import type { InspectedDensity } from '../../src/records/inspection/spectrum';
import type { InspectedCopies, InspectedVerdict } from '../../src/records/inspection/verdict';
import { element } from '../dom';
import { count } from '../format';
import { describeCost, describeSearch, kindTitles, pointFacts, verdictFacts } from '../inspect/words';
import { indexFact } from '../inspect/runView';
import { factList, sentences, textCard } from './facts';

/** What the point is, what that rests on and what it could have missed; before the verdict is there, where one stands. */
export function verdictCard(
  point: InspectedPoint,
  verdict: InspectedVerdict | null,
  density: InspectedDensity | null,
): HTMLElement {
  if (!verdict)
    return textCard('verdict verdict-coming', 'Looking…', [sentences(describeSearch(point)), factList(pointFacts(point))]);
  const missed = verdict.couldHaveMissed;
  const cost = [point.cost, verdict.cost].reduce((a, b) => ({
    applications: a.applications + b.applications,
    evaluations: a.evaluations + b.evaluations,
    milliseconds: a.milliseconds + b.milliseconds,
  }));
  return textCard(`verdict verdict-${verdict.kind.replace(/ /g, '-')}`, kindTitles[verdict.kind], [
    sentences([...describeSearch(point), ...verdict.reasons]),
    ...verdict.copies.map((copies) => element('p', { class: 'copies', text: describeCopies(copies) })),
    factList([
      ...pointFacts(point),
      ...verdictFacts(verdict),
      ...(density ? [indexFact(density.negative, point.parameters)] : []),
    ]),
    ...(missed.length > 0
      ? [element('h4', { class: 'card-sub', text: 'What this could have missed' }), sentences(missed, 'sentences missed')]
      : []),
    element('p', { class: 'card-cost', text: describeCost(cost) }),
  ]);
}

/** Groups with many units are named by their number. */
function describeCopies({ layer, groups }: InspectedCopies): string {
  const words = groups.map((units) =>
    units.length > 8 ? `${count(units.length, 'unit')}` : `units ${units.slice(0, -1).join(', ')} and ${units[units.length - 1]}`,
  );
  return `In ${layer} ${words.join('; ')} are copies of each other, in weights and in gradients: they take the same steps until noise tells them apart.`;
}
