/**
 * A value as a developer reads it, without colours and cut to a size that can be looked at.
 *
 * @param options `compact`: on one line, for a cell of a table.
 */
export function inspectValue(value: unknown, options: { compact?: boolean } = {}): string {
  const { compact = false } = options;
  return Deno.inspect(value, {
    colors: false,
    depth: compact ? 3 : 5,
    iterableLimit: compact ? 20 : 50,
    strAbbreviateSize: compact ? 200 : 2_000,
    breakLength: compact ? Infinity : 80,
    compact: true,
  });
}
