const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '0': '\0' };

/** The value of a Python number literal: underscores, hexadecimal, octal and binary forms included. */
export function numberOf(text: string): number {
  const plain = text.replace(/_/g, '').replace(/[jJlL]$/, '');
  return Number(plain);
}

/** The value of one Python string literal, without its prefix and quotes. An f-string keeps its braces and is `formatted`. */
export function stringOf(literal: string): { readonly value: string; readonly formatted: boolean } {
  const prefix = /^[a-zA-Z]*/.exec(literal)?.[0].toLowerCase() ?? '';
  let body = literal.slice(prefix.length);
  const quote = body.startsWith('"""') || body.startsWith("'''") ? 3 : 1;
  body = body.slice(quote, Math.max(quote, body.length - quote));
  const formatted = prefix.includes('f') && body.includes('{');
  if (prefix.includes('r')) return { value: body, formatted };
  return { value: body.replace(/\\(\n|.)/g, (whole, c: string) => (c === '\n' ? '' : (escapes[c] ?? whole))), formatted };
}
