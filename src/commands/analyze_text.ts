import type { Findings } from "../analysis/findings.ts";
import { headlines } from "../analysis/headlines/headlines.ts";
import { languageName, named, percent, quoted, wordsNumber } from "../text/wording.ts";
import type { Config } from "../config/types.ts";
import { plannedText } from "../run/progress_text.ts";
import { OUTCOMES } from "../run/types.ts";
import { count, counted, share } from "../text/numbers.ts";
import { printable } from "../text/printable.ts";

/** Fewer ok rows leave shares open by more than .055 to each side. */
const ENOUGH_ROWS = 320;
/** Of fewer rows the lengths say little. */
const FEW_ROWS = 10;
/** Languages, or shards, named at most. */
const LISTED = 3;

/** Words named at most. */
const LISTED_WORDS = 5;
/** Words less often than this, as many times as elsewhere, aren't worth a line. */
const LEAST_TIMES = 1.1;

/** What is said beside the findings. */
export interface AnalysisTextOptions {
  /** The config of the rows; null: they have no targets. */
  config: Config | null;
  /** The terminal's width. */
  columns: number;
  /** Where the findings were written. */
  path: string;
  /** The command to type next; `""`: none. */
  next: string;
  /** The models that wrote the rows, as `provider:name`; none where that isn't known. */
  models?: readonly string[];
  /** Where no row is ok, the commonest reason and its rows; null or absent: no row tells one. */
  reason?: { reason: string; rows: number } | null;
}

/**
 * An analysis on one screen: where no row is ok, that and why; else how many rows in which languages say how much, the three findings that
 * matter most with what to do about each, what the texts were measured by, what a reference says, and where the whole was written.
 */
export function analysisText(findings: Findings, options: AnalysisTextOptions): string {
  const { config, columns, path, next, models = [], reason = null } = options;
  const end = [`${plannedText(findings.rows)} → ${path}`, next].filter((line) => line !== "");
  if (findings.rows.ok === 0) return [...nothingOkLines(findings, reason), "", ...end].join("\n");
  const found = headlines({ findings, config });
  const lines = [firstLine(findings), "", ...headlineLines(found, columns)];
  if (found.length === 0) lines.push("Nothing stands out.");
  else if (found.length < 3) lines.push("Nothing else stands out.");
  for (const line of measuredLines(findings, models)) lines.push("", ...wrap(line, columns));
  const compared = referenceText(findings.terms);
  if (compared !== null) lines.push("", ...wrap(compared, columns));
  return [...lines, "", ...end].join("\n");
}

/** Characters of a reason that are shown. */
const LONGEST_REASON = 300;

/** `None of 20 rows is ok: 18 failed, 2 refused. There is no text to measure.`, and why. */
function nothingOkLines(
  { rows }: Findings,
  why: { reason: string; rows: number } | null,
): string[] {
  const ended = OUTCOMES.filter((outcome) => rows[outcome] > 0)
    .map((outcome) => `${count(rows[outcome])} ${outcome}`);
  if (ended.length === 0) return ["No row has been made yet: there is no text to measure."];
  const made = rows.planned - rows.pending;
  const lead = `None of ${counted(made, "row")} is ok: ${ended.join(", ")}. There is no text to ` +
    "measure.";
  if (why === null) return [lead];
  const letters = Array.from(printable(why.reason.slice(0, 4 * LONGEST_REASON)));
  const text = letters.length > LONGEST_REASON
    ? letters.slice(0, LONGEST_REASON - 1).join("") + "…"
    : letters.join("");
  return [lead, `The commonest reason (${counted(why.rows, "row")}): ${text}`];
}

/**
 * `19 ok rows · English · too few for shares: intervals are wide (±.22); 400 rows give ±.05`; with the
 * lengths where they can be compared with nothing.
 */
function firstLine({ rows, languages, length }: Findings): string {
  const { ok } = rows;
  const lead = `${counted(ok, "ok row")}`;
  const languagesNamed = languages.slice(0, LISTED).map(({ language, rows }) =>
    languageName(language) + (languages.length > 1 ? ` ${percent(rows / ok)}` : "")
  );
  if (languages.length > LISTED) languagesNamed.push(`${languages.length - LISTED} more`);
  return [lead, languagesNamed.join(", "), ...lengthsText(length), precision(ok)].join(" · ");
}

/** `median 10 words, half of the rows 7–14`; nothing where lengths were asked for, or have a target. */
function lengthsText(length: Findings["length"]): string[] {
  if (length === null || length.target !== null || length.ratio !== null) return [];
  if (length.rows < FEW_ROWS) return [];
  const [from, middle, to] = [0.25, 0.5, 0.75].map((p) =>
    length.quantiles.find((quantile) => quantile.p === p)?.realised
  );
  if (from === undefined || middle === undefined || to === undefined) return [];
  return [
    `median ${wordsNumber(middle)} words, half of the rows ${wordsNumber(from)}–${wordsNumber(to)}`,
  ];
}

function precision(ok: number): string {
  const margin = share(marginOf(ok));
  return ok < ENOUGH_ROWS
    ? `too few for shares: intervals are wide (±${margin}); 400 rows give ±${share(marginOf(400))}`
    : `shares are known to ±${margin}`;
}

/**
 * `Measured: topic, tone by judge:openai:gpt-4.1-mini (600 rows, 120 by hand), language by eld`, and
 * a remark where a judge judges its own texts and nobody looked at its answers; none without a measure.
 */
function measuredLines(
  { attributes }: Pick<Findings, "attributes">,
  models: readonly string[],
): string[] {
  const stems = new Map<string, string[]>();
  for (const [stem, { measuredBy, measuredRows, corrected = 0 }] of Object.entries(attributes)) {
    if (measuredBy === null) continue;
    const by = `by ${printable(measuredBy)}` +
      (measuredBy === "eld"
        ? ""
        : ` (${counted(measuredRows, "row")}${
          measuredBy === "person" ? "" : `, ${corrected === 0 ? "none" : count(corrected)} by hand`
        })`);
    stems.set(by, [...stems.get(by) ?? [], named(stem)]);
  }
  if (stems.size === 0) return [];
  const said = [...stems].map(([by, names]) => `${names.join(", ")} ${by}`);
  const isOwn = models.some((model) =>
    Object.values(attributes).some(({ measuredBy, corrected = 0 }) =>
      measuredBy === `judge:${model}` && corrected === 0
    )
  );
  return [
    `Measured: ${said.join(", ")}`,
    ...(isOwn
      ? [
        "That judge wrote the texts itself, and nobody looked at its answers: another model " +
        "(--model), or labels by hand, would see what it doesn't.",
      ]
      : []),
  ];
}

/**
 * `Against chats.csv (English): "kindly" at least 40 times as often, "help" 12 times. …` and what may
 * make it so; null where nothing was given to compare with. Words that a value brings about are left
 * out.
 */
function referenceText(
  { reference, byValue }: Pick<Findings["terms"], "reference" | "byValue">,
): string | null {
  if (reference === null) return null;
  const { name, language, languageShare, caveat } = reference;
  const lead = `Against ${named(name)} (${languageName(language)}): `;
  if (languageShare === 0) return `${lead}nothing is compared, since no row is in that language.`;
  const ofValues = new Set(byValue.flatMap(({ term }) => term.split(" ")));
  const often = reference.terms.filter(({ lrc }) => 2 ** lrc >= LEAST_TIMES)
    .toSorted((a, b) => b.lrc - a.lrc);
  const words = often.filter(({ term }) => !ofValues.has(term)).slice(0, LISTED_WORDS)
    .map(({ term, lrc }, place) =>
      `${quoted(term)} ${place === 0 ? "at least " : ""}${roundedDown(2 ** lrc)} times` +
      (place === 0 ? " as often" : "")
    );
  if (words.length > 0) return `${lead}${words.join(", ")}. ${printable(caveat)}`;
  const but = often.length === 0 ? "" : ", but those that a value brings about";
  return `${lead}no word stands clearly more often${but}. ${printable(caveat)}`;
}

/** Two digits of it, so that a lower bound stays one. */
function roundedDown(times: number): string {
  const unit = 10 ** (Math.floor(Math.log10(times)) - 1);
  const shown = Number((Math.floor(times / unit) * unit).toPrecision(2));
  return Number.isInteger(shown) ? count(shown) : String(shown);
}

/** Half of the 95 % interval of a share of one half, where it is widest. */
function marginOf(rows: number): number {
  return Math.min(0.5, 1.96 * Math.sqrt(0.25 / rows));
}

/** What was found, numbered, and an arrow to what to do: behind it where all fit, else below it. */
function headlineLines(
  found: readonly { says: string; next: string }[],
  columns: number,
): string[] {
  const room = columns - "1  ".length;
  const widest = Math.max(0, ...found.map(({ says }) => says.length));
  const beside = found.every(({ next }) => widest + ARROW.length + next.length <= room);
  return found.flatMap(({ says, next }, index) => {
    const lead = `${index + 1}  `;
    if (beside) return [lead + says.padEnd(widest) + ARROW + next];
    const wrapped = [...wrap(says, room), ...wrap(`→ ${next}`, room)];
    return wrapped.map((line, place) => (place === 0 ? lead : "   ") + line);
  });
}

const ARROW = "  → ";

/** Lines of at most so many characters, cut at spaces. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/**
 * What is still to come of a run.
 *
 * @param missing Shards that aren't there, as `--shard` takes them, and how many of the pending rows
 * are theirs: the command that made another one doesn't make them.
 */
export function pendingText(
  { rows }: Pick<Findings, "rows">,
  missing: { shards: readonly string[]; rows: number } = { shards: [], rows: 0 },
): string | null {
  const { pending } = rows;
  if (pending === 0) return null;
  const lead = `${count(pending)} ${pending === 1 ? "row is" : "rows are"} pending: the same ` +
    "generate command ";
  if (missing.shards.length === 0) return `${lead}again finishes them.`;
  const flags = missing.shards.slice(0, LISTED).map((shard) => `--shard ${shard}`);
  const more = missing.shards.length - flags.length;
  if (more > 0) flags.push(`${more} more`);
  const each = [flags.slice(0, -1).join(", "), flags.at(-1)].filter(Boolean).join(" and ");
  return missing.rows >= pending
    ? `${lead}with ${each} makes them.`
    : `${lead}again finishes them; with ${each} it makes what isn't there yet.`;
}
