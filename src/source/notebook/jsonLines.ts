/** A string value of a JSON text: the keys and indices that lead to it, and the line (from 1) on which it stands. */
export interface PlacedString {
  readonly path: readonly (string | number)[];
  readonly value: string;
  readonly line: number;
}

const tokens = /"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g;

interface Level {
  key: string | number;
  readonly isObject: boolean;
  /** In an object: a key comes next. */
  awaitsKey: boolean;
}

/** All string values of a valid JSON text, in order. */
export function placedStrings(json: string): PlacedString[] {
  const found: PlacedString[] = [];
  const levels: Level[] = [];
  let line = 1;
  let counted = 0;
  for (const match of json.matchAll(tokens)) {
    const [token] = match;
    for (; counted < match.index; counted++) if (json[counted] === '\n') line++;
    const level = levels[levels.length - 1];
    if (token === '{' || token === '[') levels.push({ key: 0, isObject: token === '{', awaitsKey: token === '{' });
    else if (token === '}' || token === ']') levels.pop();
    else if (token === ',' && level) {
      if (level.isObject) level.awaitsKey = true;
      else level.key = Number(level.key) + 1;
    } else if (level?.awaitsKey && token.startsWith('"')) {
      level.key = JSON.parse(token) as string;
      level.awaitsKey = false;
    } else if (token.startsWith('"')) {
      found.push({ path: levels.map(({ key }) => key), value: JSON.parse(token) as string, line });
    }
  }
  return found;
}
