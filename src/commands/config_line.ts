import { titleOf } from "../config/describe.ts";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/types.ts";
import { shiftedLognormal } from "../stats/shifted_lognormal.ts";
import { printable } from "../text/printable.ts";
import { VERSION } from "../version.ts";
import type { Invocation } from "./command.ts";
import { configFolder, configLabel } from "./flags.ts";
import { count, counted } from "../text/numbers.ts";

/** Loads the config folder that `--config` names; faults and warnings name it as it was typed. */
export async function loadTypedConfig(
  invocation: Invocation,
  warn: (message: string) => void,
): Promise<Config> {
  return await loadConfig(configFolder(invocation), {
    project: invocation.project,
    label: configLabel(invocation),
    warn: (message) => warn(`Warning: ${message}`),
  });
}

/**
 * The first line of a command that works with a config:
 * `plumbline 0.1.0 · config (Viking Bank) · 4 attributes, 46 values · lengths 4–71 words, median 14`.
 */
export function configLine(config: Config, label: string): string {
  const title = titleOf(config);
  const lists = Object.values(config.attributes);
  const parts = [
    `plumbline ${VERSION}`,
    label + (title === null ? "" : ` (${printable(title)})`),
    `${counted(lists.length, "attribute")}, ${
      counted(lists.reduce((sum, items) => sum + items.length, 0), "value")
    }`,
  ];
  if (config.length === null) parts.push("no length asked for");
  else {
    const words = shiftedLognormal(config.length, { max: config.length.max });
    const [low, median, high] = [0.01, 0.5, 0.99].map(words.quantile);
    parts.push(
      `lengths ${count(low ?? 1)}–${count(high ?? 1)} words, median ${count(median ?? 1)}`,
    );
  }
  return parts.join(" · ");
}
