import { distance } from "fastest-levenshtein";

/** Words that differ by this many letters at most are taken for misspellings of each other. */
const MISSPELT_WITHIN = 2;

/** The known word at most two letters away, case aside, the nearest first; null if there is none. */
export function nearest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = MISSPELT_WITHIN + 1;
  for (const candidate of known) {
    const letters = distance(word.toLowerCase(), candidate.toLowerCase());
    // A word that shares no letter with the other isn't near, however short both are.
    if (letters < least && letters < Math.max(word.length, candidate.length)) {
      [best, least] = [candidate, letters];
    }
  }
  return best;
}

/** `Did you mean "tone"?` where a known word is near, else the list of the known ones. */
export function suggestion(word: string, known: string[]): string {
  const near = nearest(word, known);
  if (near !== null) return `Did you mean ${shown(near)}?`;
  return known.length === 0 ? "" : `Known: ${listed(known)}`;
}

/** A value of a file as it is shown in a message: short, and on one line. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  const letters = Array.from(value);
  return JSON.stringify(letters.length > 60 ? letters.slice(0, 59).join("") + "…" : value);
}

/** Quoted words with commas between them, at most 12. */
export function listed(words: string[]): string {
  const quoted = words.slice(0, 12).map(shown).join(", ");
  return words.length > 12 ? `${quoted} and ${words.length - 12} more` : quoted;
}

/** The form in which keys, stems and values are compared: NFC, trimmed. */
export function plain(text: string): string {
  return text.normalize("NFC").trim();
}
