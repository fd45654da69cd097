import { type Label, labelsPathOf, type LabelsPlace, openLabels } from "../run/log/labels.ts";
import type { Log } from "../run/log/log.ts";
import type { JudgeRow } from "./source.ts";

/** The labels of all places that rows have theirs in, open for their one writer. */
export interface LabelLogs {
  places: readonly LabelsPlace[];
  /** Hands a label to the operating system at once, where those of its row stand. */
  append(row: Pick<JudgeRow, "place">, label: Label): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the labels of rows; torn last lines are cut off, and that is told.
 *
 * @throws {UserError} Exit 2 where another process writes some of them, or they can't be written.
 */
export async function openLabelLogs(
  rows: readonly Pick<JudgeRow, "place">[],
  note: (message: string) => void,
): Promise<LabelLogs> {
  const places = placesOf(rows);
  const logs = new Map<string, Log<Label>>();
  async function close(): Promise<void> {
    const closed = await Promise.allSettled([...logs.values()].map((log) => log.close()));
    for (const each of closed) if (each.status === "rejected") throw each.reason;
  }
  try {
    for (const place of places) {
      const log = await openLabels(place);
      if (log.cut > 0) {
        note(`${labelsPathOf(place)}: a torn last line (${log.cut} bytes) was cut off.`);
      }
      logs.set(labelsPathOf(place), log);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    places,
    append: ({ place }, label) => logs.get(labelsPathOf(place))?.append(label),
    async flush() {
      for (const log of logs.values()) await log.flush();
    },
    close,
  };
}

/** Where the labels of rows stand, each place once. */
export function placesOf(rows: readonly Pick<JudgeRow, "place">[]): LabelsPlace[] {
  return [...new Map(rows.map(({ place }) => [labelsPathOf(place), place])).values()];
}
