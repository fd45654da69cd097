import type { FileRemarks } from "./remarks.ts";
import { priceShape, settingsShape } from "./schemas.ts";
import { issueLines, knownPart } from "./shape.ts";
import type { Settings } from "./types.ts";

/**
 * The settings with their defaults filled in.
 *
 * @param data What `settings.json` holds; `{}` where there is no such file.
 * @returns null after a fault.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readSettings } from "./settings.ts";
 * import { collectRemarks } from "./remarks.ts";
 * const settings = readSettings({ seed: 7 }, collectRemarks("metro").on("settings.json"));
 * assert(settings?.seed === 7 && settings.temperature === 0.9);
 * ```
 */
export function readSettings(data: unknown, remarks: FileRemarks): Settings | null {
  const others = "fault";
  const value = knownPart(data, {
    known: Object.keys(settingsShape.shape),
    place: "",
    others,
    remarks,
  });
  if (typeof value === "object" && value !== null && "price" in value) {
    const known = Object.keys(priceShape.shape);
    value.price = knownPart(value.price, { known, place: "price", others, remarks });
  }
  const checked = settingsShape.safeParse(value);
  if (!checked.success) {
    for (const line of issueLines(checked.error.issues, { value })) remarks.fault(line);
    return null;
  }
  const { $schema: _, ...settings } = checked.data;
  if (settings.model !== undefined) settings.model = settings.model.trim();
  return remarks.faulty ? null : settings;
}
