/** The forms in which rows are handed on. */
export const EXPORT_FORMATS = ["json", "jsonl", "csv"] as const;

/** A form in which rows are handed on. */
export type ExportFormat = typeof EXPORT_FORMATS[number];
