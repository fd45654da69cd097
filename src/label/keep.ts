import { type LabelLogs, openLabelLogs } from "../judge/label_logs.ts";
import { type Label, labelsOfFolder } from "../run/log/labels.ts";
import type { RunSheet } from "./read_sheet.ts";

/** Where the labels of a sheet go. */
export interface LabelKeeper extends Pick<LabelLogs, "places"> {
  /** Hands a label to the operating system at once, in the folder of its row. */
  keep(label: Label): void;
  /** Syncs and unlocks. */
  close(): Promise<void>;
}

/**
 * Opens the labels of all folders that a sheet's rows stand in.
 *
 * @param note Told where a torn last line was cut off.
 * @throws {UserError} Exit 2 where another process writes one of them, or it can't be written.
 */
export async function openKeeper(
  { sheet, folderOf }: RunSheet,
  note: (message: string) => void = () => {},
): Promise<LabelKeeper> {
  const rowOf = (row: number) => ({ place: labelsOfFolder(folderOf(row)) });
  const { append, places, close } = await openLabelLogs(
    sheet.rows.map(({ row }) => rowOf(row)),
    note,
  );
  return { places, keep: (label) => append(rowOf(label.row), label), close };
}
