import type { Sheet } from "./sheet.ts";

/** How far the labelling is. */
export interface Progress {
  /** Texts with all their labels. */
  done: number;
  rows: number;
  labels: number;
}

/** Counts texts that have all their labels, and labels. */
export function progressOf({ rows, questions }: Sheet): Progress {
  const labels = rows.map((row) => Object.keys(row.labels).length);
  return {
    done: labels.filter((count) => count === questions.length).length,
    rows: rows.length,
    labels: labels.reduce((sum, count) => sum + count, 0),
  };
}
