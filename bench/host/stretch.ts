import type { Profiler } from 'node:inspector';
import type { HostMeasured } from './measured';

/** A stretch is a row of samples with a frame of ours somewhere on the stack; garbage collection in it belongs to it. Times of a profile are in µs. */
export function longestStretch(
  { nodes, samples = [], timeDeltas = [] }: Profiler.Profile,
  isOurs: (url: string) => boolean,
): HostMeasured['longest'] {
  const parents = new Map<number, number>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const { id, children = [] } of nodes) for (const child of children) parents.set(child, id);
  const functionsOfOurs = (sample: number): string[] => {
    const names: string[] = [];
    for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) {
      const frame = byId.get(id)?.callFrame;
      if (frame && isOurs(frame.url)) names.push(frame.functionName || '(anonymous)');
    }
    return names;
  };
  let longest: { microseconds: number; functions: Map<string, number> } = { microseconds: 0, functions: new Map() };
  let current = { microseconds: 0, functions: new Map<string, number>() };
  samples.forEach((sample, i) => {
    // The time of a sample lasts until the next one.
    const lasted = timeDeltas[i + 1] ?? 0;
    const collects = byId.get(sample)?.callFrame.functionName === '(garbage collector)' && current.microseconds > 0;
    const names = functionsOfOurs(sample);
    if (names.length === 0 && !collects) {
      current = { microseconds: 0, functions: new Map() };
      return;
    }
    current.microseconds += lasted;
    for (const name of new Set(names)) current.functions.set(name, (current.functions.get(name) ?? 0) + lasted);
    if (current.microseconds > longest.microseconds) longest = { ...current };
  });
  const functions = [...longest.functions]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 6)
    .map(([name]) => name);
  return { milliseconds: longest.microseconds / 1000, functions };
}
