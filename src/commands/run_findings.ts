import { join } from "node:path";
import { FINDINGS_FILE, isCurrent, readFindings } from "../analysis/stored_findings.ts";
import type { StoredFindings } from "../analysis/stored_findings.ts";
import { destinationOf, writeWhole } from "../report/destination.ts";
import type { Run } from "../run/log/read.ts";
import { onInterrupt } from "./interrupt.ts";
import type { StageLine } from "./stage_line.ts";

/**
 * The findings on a run: those in its `analysis.json`, or, where that is missing or old, new ones,
 * which are written there.
 *
 * @returns Null where an interrupt kept them from being written.
 */
export async function runFindings(
  run: Run,
  { line }: { line: StageLine },
): Promise<StoredFindings | null> {
  const path = join(run.folder, FINDINGS_FILE);
  const stored = await readFindings(path);
  const files = [...run.files, ...run.labelFiles];
  if (stored !== null && isCurrent(stored, { ...run, files })) return stored;
  const { analyze } = await import("../analysis/analyze.ts");
  const { findingsText } = await import("../analysis/findings_text.ts");
  const { runSource } = await import("../analysis/reading/run_source.ts");
  const made = await analyze(runSource(run), {
    onStage: line.stage,
    onProgress: line.rows,
  });
  line.clear();
  const interrupt = onInterrupt(() => {});
  const written = await writeWhole(
    ReadableStream.from([findingsText(made, { folder: run.folder })]),
    { ...destinationOf(path), signal: interrupt.stop },
  );
  interrupt.release();
  if (!written) return null;
  // As it is written, so that the next call says the same to the last digit.
  const findings = await readFindings(path);
  if (findings === null) throw new Error(`${path} can't be read back`);
  return findings;
}
