import { SENT_SETTINGS, shownToModel } from "../../config/hash.ts";
import type { Config } from "../../config/types.ts";
import type { RunManifest } from "../types.ts";

/** What of a manifest can change a text, or names what can. */
export type Asking = Pick<
  RunManifest,
  "config" | "configHash" | "seed" | "sampling" | "model" | "versions"
>;

/**
 * Says in lines how one asking differs from another in what can change a text; none where nothing
 * does. Files of the config folder are named as they are called there.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { differences } from "./differences.ts";
 * const asking = {
 *   configHash: "91bc", seed: 1, sampling: "even" as const, model: "simulated:faithful",
 *   versions: { plumbline: "0.1.0", deno: "2.9.6", prompt: "1" },
 *   config: {
 *     folder: "config", context: "", attributes: {}, length: null, prompt: null, avoid: [],
 *     settings: { temperature: null, frequency_penalty: null, seed: 1, sampling: "even" as const, timeout: 60 },
 *   },
 * };
 * const lines = differences(asking, { ...asking, configHash: "5d7e", seed: 2 });
 * assert(lines[0] === "seed: 1, now 2");
 * ```
 */
export function differences(before: Asking, now: Asking): string[] {
  if (before.configHash === now.configHash) return [];
  const lines = [
    ...changed("model", before.model, now.model),
    ...changed("seed", before.seed, now.seed),
    ...changed("sampling", before.sampling, now.sampling),
    ...changedParameters(before.config, now.config),
    ...changedFiles(before.config, now.config),
    ...changed("version of the built-in prompt", before.versions.prompt, now.versions.prompt),
  ];
  return lines.length > 0 ? lines : ["something that can change a text"];
}

function changed(name: string, before: unknown, now: unknown): string[] {
  return same(before, now) ? [] : [`${name}: ${shown(before)}, now ${shown(now)}`];
}

function shown(value: unknown): string {
  if (value === undefined) return "not set";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function changedParameters(before: Config, now: Config): string[] {
  return SENT_SETTINGS.flatMap((name) => changed(name, before.settings[name], now.settings[name]));
}

function changedFiles(before: Config, now: Config): string[] {
  const [earlier, later] = [before, now].map(({ attributes }) => shownToModel(attributes));
  const stems = new Set([...Object.keys(before.attributes), ...Object.keys(now.attributes)]);
  const files: [string, unknown, unknown][] = [
    ["context.txt", before.context, now.context],
    ...[...stems].toSorted().map((stem): [string, unknown, unknown] => [
      `injections/${stem}.json`,
      earlier?.[stem],
      later?.[stem],
    ]),
    ["response_length_distribution.json", before.length, now.length],
    ["prompt.md", before.prompt, now.prompt],
    ["avoid.txt", before.avoid, now.avoid],
  ];
  return files.filter(([, old, new_]) => !same(old, new_)).map(([name, old, new_]) => {
    if (old === undefined || old === null) return `${name} is new`;
    return new_ === undefined || new_ === null ? `${name} is gone` : `${name} has changed`;
  });
}

/** Equal as JSON, whatever the order of the keys. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  if (Array.isArray(a) !== Array.isArray(b) || keys.length !== Object.keys(b).length) return false;
  const inner = new Map(Object.entries(b));
  return Object.entries(a).every(([key, value]) => inner.has(key) && same(value, inner.get(key)));
}
