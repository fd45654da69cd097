import { Option } from "commander";
import type { Invocation } from "./command.ts";
import { type CommandSpec, noAccess } from "./command.ts";
import { configLine, loadTypedConfig } from "./config_line.ts";
import { configFolder, configLabel, type PlanFlags, planOptions, wholeNumber } from "./flags.ts";
import { give, say } from "./say.ts";

/** Lines are written in pieces of about this many characters. */
const PIECE = 65_536;

/** `deno task plan`: the rows that would be asked for. */
export const planCommand: CommandSpec = {
  define(command) {
    command.description(
      "Print the rows that generate would ask for, one JSON object a line, without asking. What so " +
        "many rows buy is said on stderr.",
    );
    for (const option of planOptions()) command.addOption(option);
    return command
      .addOption(
        new Option("--start <row>", "the first row").argParser(wholeNumber(0)).default(0),
      )
      .addHelpText(
        "after",
        "\nExample:\n  deno task plan --config metro --count 2000 > plan.jsonl",
      );
  },

  async prepare(invocation) {
    say(configLine(await loadTypedConfig(invocation, say), configLabel(invocation)));
    return { ...noAccess(), read: [configFolder(invocation)] };
  },

  async run(invocation: Invocation) {
    const flags = invocation.parsed.opts<PlanFlags & { start: number }>();
    const config = await loadTypedConfig(invocation, () => {});
    const { plan } = await import("../plan/plan.ts");
    const { preview } = await import("../plan/preview.ts");
    const { tallyPairs } = await import("../plan/pairs.ts");
    const { previewText } = await import("./plan_preview.ts");
    const { settings } = config;
    const rows = flags.count ?? settings.count ?? 20;
    const { start } = flags;
    const planned = plan(config, {
      seed: flags.seed ?? settings.seed,
      sampling: flags.sampling ?? settings.sampling,
    });
    const pairs = tallyPairs(config);
    let piece = "";
    for (let row = start; row < start + rows; row++) {
      const each = planned(row);
      pairs.add(each);
      piece += JSON.stringify(each) + "\n";
      if (piece.length < PIECE) continue;
      give(piece);
      piece = "";
    }
    give(piece);
    say(previewText(preview(config, { count: rows }), pairs.coverage()));
    return 0;
  },
};
