import { type Label, labelsOfFolder, openLabels } from "../run/log/labels.ts";
import type { Log } from "../run/log/log.ts";
import type { RunSheet } from "./read_sheet.ts";

/** Where the labels of a sheet go. */
export interface LabelKeeper {
  /** Bytes of torn last lines that were cut off. */
  cut: number;
  /** Hands a label to the operating system at once, in the folder of its row. */
  keep(label: Label): void;
  /** Syncs and unlocks. */
  close(): Promise<void>;
}

/**
 * Opens the labels of all folders that a sheet's rows stand in.
 *
 * @throws {UserError} Exit 2 where another process writes one of them, or it can't be written.
 */
export async function openKeeper({ sheet, folderOf }: RunSheet): Promise<LabelKeeper> {
  const logs = new Map<string, Log<Label>>();
  async function close(): Promise<void> {
    const closed = await Promise.allSettled([...logs.values()].map((log) => log.close()));
    for (const each of closed) if (each.status === "rejected") throw each.reason;
  }
  try {
    for (const folder of new Set(sheet.rows.map(({ row }) => folderOf(row)))) {
      logs.set(folder, await openLabels(labelsOfFolder(folder)));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    cut: [...logs.values()].reduce((sum, { cut }) => sum + cut, 0),
    keep: (label) => logs.get(folderOf(label.row))?.append(label),
    close,
  };
}
