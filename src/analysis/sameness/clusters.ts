import { referenceTo } from "../reading/corpus.ts";
import type { DiversityFindings } from "../findings.ts";
import type { Corpus, RowReference } from "../reading/rows.ts";
import type { DistinctTexts } from "./distinct_texts.ts";
import type { Groups } from "./groups.ts";

/** Clusters that are told one by one, and rows named in each. */
const MOST = { clusters: 100, rows: 50 };

/**
 * The groups of two or more different texts as findings: `rows` counts all rows of their texts, exact
 * copies too; the text told of a cluster is that of its first row.
 */
export function clusterFindings(
  corpus: Corpus,
  texts: DistinctTexts,
  groups: Groups,
): DiversityFindings["nearDuplicates"] {
  const different = new Uint32Array(texts.size);
  const rows = new Uint32Array(texts.size);
  for (let text = 0; text < texts.size; text++) {
    const group = groups.of(text);
    different[group]! += 1;
    rows[group]! += texts.copies[text]!;
  }
  const clusters = Array.from(different.keys()).filter((group) => different[group]! > 1);
  // A group is named by its first text, so that those of equal size come by their first rows.
  const largest = clusters.toSorted((a, b) => rows[b]! - rows[a]! || a - b).slice(0, MOST.clusters);
  const named = new Map(largest.map((group) => [group, new Array<RowReference>()]));
  for (let row = 0; row < corpus.size; row++) {
    const references = named.get(groups.of(texts.textOf[row]!));
    if (references !== undefined && references.length < MOST.rows) {
      references.push(referenceTo(corpus, row));
    }
  }
  return {
    clusters: clusters.length,
    rows: clusters.reduce((sum, group) => sum + rows[group]!, 0),
    largest: largest.map((group) => ({
      size: rows[group]!,
      rows: named.get(group) ?? [],
      text: corpus.texts[texts.firstRow[group]!] ?? "",
    })),
  };
}
