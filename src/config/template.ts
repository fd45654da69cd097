import type { FileRemarks } from "./remarks.ts";
import { nearest, shown } from "./wording.ts";

/** Markers of `prompt.md` that are no attribute's. */
export const BUILT_IN_MARKERS: readonly string[] = ["context", "guidelines", "length", "avoid"];

/** A template cut into its two messages; a part that isn't there is the empty text. */
export interface Template {
  system: string;
  user: string;
}

/** A marker, spaces inside the braces allowed. */
export const MARKER = /\{\{\s*([^{}]*?)\s*\}\}/g;

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

/** The names of all markers in a text, in order, repeats included. */
export function markersOf(text: string): string[] {
  return Array.from(text.matchAll(MARKER), (match) => (match[1] ?? "").normalize("NFC"));
}

/**
 * Checks `prompt.md`: its markers are known and what is drawn reaches the model. `# system` and
 * `# user` on lines of their own split it; text before them belongs to the user message, so a
 * template without these lines is one user message, and one with only a `# system` part is a fault.
 *
 * @param text The template, line ends as "\n".
 * @param options `stems`: the attributes; null where they aren't known, which leaves markers
 *   unchecked. `hasLength`: whether lengths are configured.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkTemplate } from "./template.ts";
 * import { collectRemarks } from "./remarks.ts";
 * const remarks = collectRemarks("metro");
 * const options = { stems: ["tone"], hasLength: false, remarks: remarks.on("prompt.md") };
 * checkTemplate("{{context}} Sound {{tonne}}.", options);
 * assert(remarks.faults[0]?.includes("Did you mean {{tone}}?"));
 * ```
 */
export function checkTemplate(
  text: string,
  options: { stems: string[] | null; hasLength: boolean; remarks: FileRemarks },
): void {
  const { stems, hasLength, remarks } = options;
  if (text.trim() === "") {
    remarks.fault("it is blank: write a template, or delete the file for the built-in prompt");
    return;
  }
  if (parseTemplate(text).user === "") {
    remarks.fault('there is no text for the user message: add it below a line "# user"');
  }
  if (stems === null) return;
  const known = [...BUILT_IN_MARKERS, ...stems];
  const found = new Set<string>();
  text.split("\n").forEach((line, index) => {
    for (const [, raw = ""] of line.matchAll(MARKER)) {
      const name = raw.normalize("NFC");
      found.add(name);
      if (known.includes(name)) continue;
      const near = nearest(name, known);
      const hint = near === null ? "" : ` Did you mean {{${near}}}?`;
      const all = known.map((marker) => `{{${marker}}}`).join(", ");
      remarks.fault(
        `line ${index + 1}: {{${shown(name).slice(1, -1)}}} is unknown.${hint} Known: ${all}`,
      );
    }
  });
  if (remarks.faulty) return;
  const unused = found.has("guidelines") ? [] : stems.filter((stem) => !found.has(stem));
  for (const stem of unused) {
    remarks.warn(
      `neither {{guidelines}} nor {{${stem}}} is in it: the model isn't told what is drawn for ${stem}`,
    );
  }
  if (!found.has("context")) {
    remarks.warn("{{context}} isn't in it: the model isn't told what context.txt says");
  }
  if (hasLength && !found.has("length")) {
    remarks.warn("{{length}} isn't in it: the model isn't told which length is drawn");
  }
}
