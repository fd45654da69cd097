import { MARKER, markersOf, type Template } from "../config/template.ts";
import type { ChatMessage } from "./types.ts";

/** What a marker `{{name}}` stands for in one row; an empty text drops a line of nothing else. */
export type MarkerValues = Record<string, string>;

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
