import { MARKER, markersOf, type Template } from "../config/template.ts";
import type { ChatMessage } from "./types.ts";

/** What a marker `{{name}}` stands for in one row; an empty text drops a line of nothing else. */
export type MarkerValues = Record<string, string>;

/** A line of a template: its text cut at its markers, and their names. */
interface Line {
  /** One more than there are markers. */
  texts: string[];
  names: string[];
  /** The markers as they are written. */
  markers: string[];
}

/**
 * Reads a template into the function that puts the values in. All markers are replaced in one pass,
 * so braces inside a value stay as they are, and a line whose markers are all empty is dropped.
 * Where the template has no `{{avoid}}`, the avoid-list follows the last line of the user message.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { templateFiller } from "./template.ts";
 * const fill = templateFiller({ system: "", user: "Write about {{topic}}.\nSound {{tone}}." });
 * const [message] = fill({ topic: "{{tone}}", tone: "", avoid: "" });
 * assert(message?.content === "Write about {{tone}}.");
 * ```
 */
export function templateFiller(template: Template): (values: MarkerValues) => ChatMessage[] {
  const hasAvoid = markersOf(template.system + "\n" + template.user).includes("avoid");
  const system = textFiller(template.system);
  const user = textFiller(hasAvoid ? template.user : `${template.user}\n{{avoid}}`);
  return (values) => {
    const messages: ChatMessage[] = [
      { role: "system", content: system(values) },
      { role: "user", content: user(values) },
    ];
    return messages.filter((message) => message.content !== "");
  };
}

/** Gives the same text again where the same is put in: mostly, the system message never varies. */
function textFiller(text: string): (values: MarkerValues) => string {
  const lines = linesOf(text);
  const names = new Set(lines.flatMap((line) => line.names));
  let filled = "";
  let by: MarkerValues | null = null;
  return (values) => {
    const last = by;
    if (last === null || !names.values().every((name) => values[name] === last[name])) {
      filled = fillLines(lines, values);
    }
    by = values;
    return filled;
  };
}

function linesOf(text: string): Line[] {
  return text.split("\n").map((line) => {
    const markers = line.match(MARKER) ?? [];
    const texts: string[] = [];
    let at = 0;
    for (const marker of markers) {
      const start = line.indexOf(marker, at);
      texts.push(line.slice(at, start));
      at = start + marker.length;
    }
    return { texts: [...texts, line.slice(at)], names: markersOf(line), markers };
  });
}

function fillLines(lines: Line[], values: MarkerValues): string {
  const filled: string[] = [];
  for (const { texts, names, markers } of lines) {
    if (names.length > 0 && names.every((name) => !values[name])) continue;
    let line = texts[0] ?? "";
    for (const [i, name] of names.entries()) {
      line += (values[name] ?? markers[i] ?? "") + (texts[i + 1] ?? "");
    }
    filled.push(line);
  }
  return filled.join("\n").trim();
}
