import type { ChatMessage } from "./types.ts";

/** A template cut into its two messages; a part that isn't there is the empty text. */
export interface Template {
  system: string;
  user: string;
}

/** What a marker `{{name}}` stands for in one row; an empty text drops a line of nothing else. */
export type MarkerValues = Record<string, string>;

/** The pattern of a marker, spaces inside the braces allowed. */
const MARKER = /\{\{\s*([^{}]+?)\s*\}\}/g;

/**
 * Cuts a template at the lines `# system` and `# user`. Text before the first of them belongs to
 * the user message, so a template without either is one user message.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseTemplate } from "./template.ts";
 * const template = parseTemplate("# system\nBe a customer.\n# user\nWrite about {{topic}}.");
 * assert(template.system === "Be a customer.");
 * assert(template.user === "Write about {{topic}}.");
 * ```
 */
export function parseTemplate(text: string): Template {
  const parts: { system: string[]; user: string[] } = { system: [], user: [] };
  let part: "system" | "user" = "user";
  for (const line of text.split(/\r?\n/)) {
    const heading = /^#\s*(system|user)\s*$/i.exec(line)?.[1]?.toLowerCase();
    if (heading === "system" || heading === "user") part = heading;
    else parts[part].push(line);
  }
  return { system: parts.system.join("\n").trim(), user: parts.user.join("\n").trim() };
}

/**
 * Puts the values in. All markers are replaced in one pass, so braces inside a value stay as they
 * are, and a line whose markers are all empty is dropped. Where the template has no `{{avoid}}`,
 * the avoid-list follows the last line of the user message.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fillTemplate } from "./template.ts";
 * const template = { system: "", user: "Write about {{topic}}.\nSound {{tone}}." };
 * const [message] = fillTemplate(template, { topic: "{{tone}}", tone: "", avoid: "" });
 * assert(message?.content === "Write about {{tone}}.");
 * ```
 */
export function fillTemplate(template: Template, values: MarkerValues): ChatMessage[] {
  const hasAvoid = markersOf(template.system + "\n" + template.user).includes("avoid");
  const user = hasAvoid ? template.user : `${template.user}\n{{avoid}}`;
  const messages: ChatMessage[] = [
    { role: "system", content: fillText(template.system, values) },
    { role: "user", content: fillText(user, values) },
  ];
  return messages.filter((message) => message.content !== "");
}

/** The names of all markers in a text, in order, repeats included. */
export function markersOf(text: string): string[] {
  return Array.from(text.matchAll(MARKER), (match) => (match[1] ?? "").normalize("NFC"));
}

function fillText(text: string, values: MarkerValues): string {
  const lines: string[] = [];
  for (const line of text.split("\n")) {
    const markers = markersOf(line);
    if (markers.length > 0 && markers.every((name) => !values[name])) continue;
    lines.push(
      line.replace(MARKER, (whole, name: string) => values[name.normalize("NFC")] ?? whole),
    );
  }
  return lines.join("\n").trim();
}
