import type { PairCoverage } from "../plan/pairs.ts";
import type { Preview } from "../plan/preview.ts";
import { printable } from "../text/printable.ts";
import { count, counted, share } from "../text/numbers.ts";

/** What a number of rows buys, in lines for people. */
export function previewText(preview: Preview, pairs: PairCoverage): string {
  const widest = Math.max(...preview.attributes.map(({ stem }) => stem.length), "length".length);
  const lines = [`${counted(preview.count, "row")} buy:`];
  for (const { stem, values, largest, rarest } of preview.attributes) {
    const name = `  ${stem.padEnd(widest)}  `;
    if (values === 1) {
      lines.push(`${name}${quoted(rarest.value)} in every row`);
      continue;
    }
    lines.push(
      `${name}${counted(values, "value")}, shares known to ±${share(largest.shareMargin)}; ` +
        `the rarest, ${quoted(rarest.value)}, gets ${rowsText(rarest.rows)}` +
        (rarest.rows < 1 ? "" : `: a rate among them is known to ±${share(rarest.rateMargin)}`),
    );
  }
  if (preview.length !== null) {
    const { low, median, high, max } = preview.length;
    lines.push(
      `  ${"length".padEnd(widest)}  nine in ten ask for ${count(low)}–${count(high)} words, ` +
        `median ${count(median)}${max === null ? "" : `, at most ${count(max)}`}`,
    );
  }
  if (pairs.possible > 0) lines.push(pairsText(pairs));
  const corrected = [
    ...preview.attributes.filter((attribute) => attribute.corrected).map(({ stem }) => stem),
    ...(preview.length?.corrected ? ["length"] : []),
  ];
  if (corrected.length > 0) lines.push(correctionText(corrected));
  return lines.join("\n");
}

/** Says what is drawn otherwise than wanted. */
export function correctionText(corrected: string[]): string {
  return `Drawn with a correction (draw factors, or "draw" of the length): ${corrected.join(", ")}`;
}

function pairsText(pairs: PairCoverage): string {
  const missing = pairs.possible - pairs.seen;
  const head = `  pairs of values: ${count(pairs.seen)} of ${count(pairs.possible)} occur`;
  if (missing === 0) return head;
  const examples = pairs.unseen.slice(0, 3).map(({ pair }) =>
    Object.entries(pair).map(([stem, value]) => `${stem} "${printable(value)}"`).join(" + ")
  );
  return `${head}; never, such as: ${examples.join("; ")}`;
}

function rowsText(rows: number): string {
  if (rows < 0.1) return "fewer than 0.1 rows";
  return rows < 10 ? `${rows.toFixed(1)} rows` : counted(Math.round(rows), "row");
}

function quoted(value: string): string {
  return value === "" ? "asking for nothing" : `"${printable(value)}"`;
}
