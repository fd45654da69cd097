import { join } from "node:path";
import { UserError } from "../error.ts";
import { questionsAskedFor } from "../judge/questions.ts";
import { type Label, labelsPath, newestLabels, PERSON, readLabels } from "../run/log/labels.ts";
import { readParts } from "../run/log/parts.ts";
import { readRun, type ReadRunOptions, type Run } from "../run/log/read.ts";
import { type Candidate, chosenRows, judgedRows } from "./choose.ts";
import { askedOfPerson, type Sheet, type SheetRow, sheetRow } from "./sheet.ts";

/** What is to be labelled. */
export interface ReadSheetOptions extends ReadRunOptions {
  /** Rows. */
  n: number;
  /** Only these stems. */
  attributes?: readonly string[] | undefined;
  /** Which rows may be drawn; default: the judged ones, or where there are none all that are ok. */
  among?: "judged" | "ok";
}

/** A sheet, and what is known beside it of the run that it is drawn from. */
export interface RunSheet {
  sheet: Sheet;
  among: "judged" | "ok";
  /** Rows that could have been drawn. */
  candidates: number;
  /** The folder that keeps a row's labels: the run's own or a part's. */
  folderOf(row: number): string;
  /** Labels that are there already, with the chance that their rows have now that it is larger. */
  raised: Label[];
}

/**
 * Draws rows of a run for a person to label: a random part of those that a judge has labelled, or
 * where there are none of all ok rows.
 *
 * @throws {UserError} Exit 2 where there is no such run or nothing in it to label.
 */
export async function readSheet(run: string, options: ReadSheetOptions): Promise<RunSheet> {
  const read = await readRun(run, options);
  const { seed } = read.manifest;
  const questions = questionsAskedFor(read.manifest.config, {
    name: read.name,
    attributes: options.attributes,
  });
  const folders = await foldersOfOkRows(read);
  if (folders.size === 0) {
    throw new UserError(`${read.name} has no ok row to label: generate makes some.`);
  }
  const labels = newestLabels(await labelsOf(read.folder, options));
  const stems = questions.map(({ stem }) => stem);
  const judged = options.among === "ok"
    ? []
    : judgedRows(labels, { stems, isOk: (row) => folders.has(row) });
  const among = judged.length > 0 ? "judged" : "ok";
  const candidates = among === "judged"
    ? judged
    : Array.from(folders.keys(), (row): Candidate => ({ row, p: 1, sample: "random" }));
  const chosen = new Map(
    chosenRows(candidates, { n: options.n, seed }).map((each) => [each.row, each]),
  );
  const byPerson = Map.groupBy(labels.filter(({ by }) => by === PERSON), ({ row }) => row);
  const rows = new Map<number, SheetRow>();
  for await (const { row, text, attributes } of read.rows()) {
    const candidate = chosen.get(row);
    if (candidate === undefined || text === null) continue;
    const said = byPerson.get(row) ?? [];
    rows.set(row, sheetRow(candidate, said, { text, questions, requested: attributes, seed }));
  }
  const sheet = {
    name: read.name,
    questions: askedOfPerson(questions),
    rows: Array.from(chosen.keys(), (row) => rows.get(row)).filter((row) => row !== undefined),
  };
  return {
    sheet,
    among,
    candidates: candidates.length,
    folderOf: (row) => folders.get(row) ?? read.folder,
    raised: raisedLabels([...byPerson.values()].flat(), chosen),
  };
}

/** By ok row the folder that its record stands in. */
async function foldersOfOkRows(run: Run): Promise<Map<number, string>> {
  const folders = new Map<number, string>();
  for await (const { row, outcome, text, part } of run.rows()) {
    if (outcome !== "ok" || text === null) continue;
    folders.set(row, part === undefined ? run.folder : join(run.folder, part));
  }
  return folders;
}

async function labelsOf(folder: string, options: ReadRunOptions): Promise<Label[]> {
  const labels: Label[] = [];
  for (const part of await readParts(folder)) {
    labels.push(...await readLabels(labelsPath(part.folder), options));
  }
  return labels;
}

/** Rows that were drawn into a smaller part count with the chance that they have in the larger. */
function raisedLabels(
  labels: readonly Label[],
  chosen: ReadonlyMap<number, Candidate>,
): Label[] {
  return labels.flatMap((label) => {
    const now = chosen.get(label.row);
    const isRaised = now !== undefined && label.sample === now.sample && label.p !== null &&
      label.p < now.p;
    return isRaised ? [{ ...label, p: now.p }] : [];
  });
}
