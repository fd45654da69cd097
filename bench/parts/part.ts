import type { Table } from "../table.ts";

/** What a part is run with. */
export interface PartOptions {
  /** Rows of its largest measurement; null: the part's own number. */
  rows: number | null;
  /** How often each measurement is made; the median is shown. Null: the part's own number. */
  repeat: number | null;
  /** Labelled messages: a CSV file and its columns; null: none are given. */
  data: { file: string; text: string; label: string } | null;
}

/** A part of the measurements. */
export interface Part {
  /** Its name on the command line. */
  name: string;
  run(options: PartOptions): Promise<Table>;
}

/** Said where the system keeps no `/proc`. */
export const LINUX_ONLY = "CPU time and memory are read on Linux only.";
