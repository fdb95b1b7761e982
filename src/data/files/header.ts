/** Column labels of a header line: empty ones named, repeated ones numbered (`a`, `a.1`), as pandas does. */
export function headerLabels(fields: readonly string[]): string[] {
  const used = new Set<string>();
  const counts = new Map<string, number>();
  return fields.map((field, index) => {
    const wanted = field === '' ? `Unnamed: ${index}` : field;
    let label = wanted;
    while (used.has(label)) {
      const next = (counts.get(wanted) ?? 0) + 1;
      counts.set(wanted, next);
      label = `${wanted}.${next}`;
    }
    used.add(label);
    return label;
  });
}
