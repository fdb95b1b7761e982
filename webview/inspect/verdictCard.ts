import type { InspectedPoint, SmallerLayer } from '../../src/records/inspection/point';
import type { InspectedDensity } from '../../src/records/inspection/spectrum';
import type { InspectedCopies, InspectedDead, InspectedVerdict } from '../../src/records/inspection/verdict';
import { count } from '../format';
import { costs, facts, sentences, type CardBlock, type TextCard } from './card';
import { indexFact } from './runView';
import { describeSearch, kindTitles, nearlyTitles, pointFacts, verdictFacts } from './words';

/** What the point is, what that rests on and what it could have missed; before the verdict is there, where one stands. */
export function verdictCard(point: InspectedPoint, verdict: InspectedVerdict | null, density: InspectedDensity | null): TextCard {
  if (!verdict) {
    const blocks = [sentences(describeSearch(point)), facts(pointFacts(point))];
    return { kind: 'verdict verdict-coming', title: 'Looking…', blocks };
  }
  const missed = verdict.couldHaveMissed;
  const index = density ? [indexFact(density.negative, point.parameters)] : [];
  return {
    kind: `verdict verdict-${verdict.kind.replace(/ /g, '-')}`,
    title: titleOf(point, verdict),
    blocks: [
      sentences([...describeSearch(point), ...verdict.reasons]),
      ...(point.search?.smaller ?? []).map((layer): CardBlock => ({
        kind: 'paragraph',
        text: describeSmaller(layer),
        look: 'copies',
      })),
      ...verdict.copies.map((copies): CardBlock => ({ kind: 'paragraph', text: describeCopies(copies), look: 'copies' })),
      ...verdict.dead.map((dead): CardBlock => ({ kind: 'paragraph', text: describeDead(dead), look: 'copies' })),
      facts([...pointFacts(point), ...verdictFacts(verdict), ...index]),
      ...(missed.length > 0
        ? [{ kind: 'heading', text: 'What this could have missed' } as const, sentences(missed, 'missed')]
        : []),
      costs(point.cost, verdict.cost, ...(density ? [density.cost] : [])),
    ],
  };
}

/** What the search, or the run, only came near to is no point of that kind yet. */
const titleOf = ({ search }: InspectedPoint, { kind, nearly }: InspectedVerdict): string =>
  kind !== 'not critical' && (search === null ? nearly : search.stopped !== 'critical') ? nearlyTitles[kind] : kindTitles[kind];

/** Groups with many units are named by their number. */
function unitWords(units: readonly number[]): string {
  if (units.length === 1) return `unit ${units[0]}`;
  return units.length > 8 ? count(units.length, 'unit') : `units ${units.slice(0, -1).join(', ')} and ${units[units.length - 1]}`;
}

/** Why second order is almost zero in many directions where a search ends. */
function describeSmaller({ layer, units, merged, idle, left }: SmallerLayer): string {
  const what = [
    ...merged.map((group) => `${unitWords(group)} do almost the same`),
    ...(idle.length > 0 ? [`hardly anything reads ${unitWords(idle)}`] : []),
  ];
  return `In layer ${layer}, ${what.join('; ')}: the search came near to a critical point of a net with ${left} in place of ${count(units, 'unit')} there. Such points lie along whole lines of the larger net, on which its gradient fades only slowly.`;
}

function describeCopies({ layer, groups }: InspectedCopies): string {
  const words = groups.map(unitWords);
  return `In layer ${layer}, ${words.join('; ')} are copies of each other, in weights and in gradients: they take the same steps until noise tells them apart.`;
}

/** Why the surface is flat in many directions. */
function describeDead({ layer, of, units }: InspectedDead): string {
  const which =
    units.length === of ? `all ${count(of, 'unit')} are` : `${unitWords(units)} of ${of} ${units.length === 1 ? 'is' : 'are'}`;
  return `In layer ${layer}, ${which} zero on every row: no change of their own weights, or of what reads them, changes the loss near here, and no gradient wakes them.`;
}
