import { referenceTo } from "../reading/corpus.ts";
import type { DiversityFindings } from "../findings.ts";
import type { Corpus, RowReference } from "../reading/rows.ts";
import type { DistinctTexts } from "./distinct_texts.ts";
import type { Stars } from "./stars.ts";

/** Clusters that are told one by one, and rows named in each. */
const MOST = { clusters: 100, rows: 50 };

/**
 * The stars of two or more different texts as clusters: `size` counts all rows of their texts, exact
 * copies too; the text told of a cluster is that of its first row, which all others are near. `rows`
 * are those of all texts that are near another one, in a cluster or not.
 */
export function clusterFindings(
  corpus: Corpus,
  texts: DistinctTexts,
  stars: Stars,
): DiversityFindings["nearDuplicates"] {
  const different = new Uint32Array(texts.size);
  const rows = new Uint32Array(texts.size);
  let near = 0;
  for (let text = 0; text < texts.size; text++) {
    const star = stars.of(text);
    different[star]! += 1;
    rows[star]! += texts.copies[text]!;
    if (stars.hasNear(text)) near += texts.copies[text]!;
  }
  const clusters = Array.from(different.keys()).filter((star) => different[star]! > 1);
  // A star is named by its first text, so that those of equal size come by their first rows.
  const largest = clusters.toSorted((a, b) => rows[b]! - rows[a]! || a - b).slice(0, MOST.clusters);
  const named = new Map(largest.map((star) => [star, new Array<RowReference>()]));
  for (let row = 0; row < corpus.size; row++) {
    const references = named.get(stars.of(texts.textOf[row]!));
    if (references !== undefined && references.length < MOST.rows) {
      references.push(referenceTo(corpus, row));
    }
  }
  return {
    clusters: clusters.length,
    rows: near,
    largest: largest.map((star) => ({
      size: rows[star]!,
      rows: named.get(star) ?? [],
      text: corpus.texts[texts.firstRow[star]!] ?? "",
    })),
  };
}
