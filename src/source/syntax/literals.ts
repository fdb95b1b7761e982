const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '0': '\0' };

/** The value of a Python number literal: underscores, hexadecimal, octal and binary forms included. */
export function numberOf(text: string): number {
  const plain = text.replace(/_/g, '').replace(/[jJlL]$/, '');
  return Number(plain);
}

/** The value of one Python string literal, without its prefix and quotes. An f-string keeps its braces. */
export function stringOf(literal: string): string {
  const prefix = /^[a-zA-Z]*/.exec(literal)?.[0].toLowerCase() ?? '';
  const rest = literal.slice(prefix.length);
  const quote = rest.startsWith('"""') || rest.startsWith("'''") ? 3 : 1;
  const body = rest.slice(quote, Math.max(quote, rest.length - quote));
  if (prefix.includes('r')) return body;
  return body.replace(/\\(\n|.)/g, (whole, c: string) => (c === '\n' ? '' : (escapes[c] ?? whole)));
}
