import { Option } from "commander";
import type { Config } from "../config/types.ts";
import { hasBatches, noBatchesError } from "../models/batch/offered.ts";
import { chooseModel, NOTHING_CHOSEN } from "../models/choice.ts";
import type { ModelChoice } from "../models/types.ts";
import { parseShard, shardRows } from "../plan/shard.ts";
import type { Measured } from "../run/cost/measured.ts";
import type { ProbeOptions } from "../run/probe.ts";
import type { Access, CommandSpec, Invocation } from "./command.ts";
import { noAccess } from "./command.ts";
import { configLine, loadTypedConfig } from "./config_line.ts";
import {
  configFolder,
  configLabel,
  pathOf,
  type RunFlags,
  runOptions,
  wholeNumber,
} from "./flags.ts";
import { modelAccess, offlineAccess } from "./model_access.ts";
import { count, counted, money } from "../text/numbers.ts";
import { give, pathsFrom, say } from "./say.ts";
import { shellWord } from "./shell_word.ts";

/** The flags of `estimate` after parsing. */
interface EstimateFlags extends RunFlags {
  probe?: number;
  batch?: boolean;
  json?: boolean;
}

/** `deno task estimate`: tokens, money and time before they are spent. */
export const estimateCommand: CommandSpec = {
  define(command) {
    command.description(
      "Say what a run will take before it is spent: tokens in and out, money, time. Nothing is " +
        "asked, so the time isn't known and lengths are assumed; --probe asks a few rows and " +
        "measures. Rows that the run has already are measured too. With --shard all of it is said of " +
        "that shard alone.",
    );
    for (const option of runOptions()) command.addOption(option);
    return command
      .addOption(
        new Option(
          "--probe <n>",
          "ask the run's first n rows and keep them: generate goes on after them (in one; for a run " +
            "in shards add --shard)",
        ).argParser(wholeNumber(2)),
      )
      .addOption(new Option("--batch", "by the Batch API: half the price, within 24 hours"))
      .addOption(new Option("--json", "print the estimate as JSON on stdout"))
      .addHelpText(
        "after",
        `
Prices are those of OpenAI's public list; "price" in settings.json comes first and is needed for
every other endpoint.

Examples:
  deno task estimate --config metro --count 2000
  deno task estimate --config metro --count 2000 --probe 20`,
      );
  },

  async prepare(invocation) {
    const flags = flagsOf(invocation);
    const config = await loadTypedConfig(invocation, say);
    say(configLine(config, configLabel(invocation)));
    const choice = choiceOf(config, { flags, invocation });
    if (flags.batch && !hasBatches(choice)) {
      throw noBatchesError(`${choice.provider}:${choice.name}`);
    }
    if (choice.origin === NOTHING_CHOSEN) {
      say(
        `No key and no endpoint set, so this is for local:${choice.name}. Another model: ` +
          "--model openai:gpt-4.1-mini, for instance.",
      );
    }
    if (choice.provider === "simulated") {
      const { profileOf } = await import("../models/simulated/profiles.ts");
      profileOf(choice.name);
    }
    const output = pathOf(flags.output, "output", invocation);
    const access: Access = { ...noAccess(), read: [configFolder(invocation), output] };
    if (flags.probe === undefined) return { ...access, ...offlineAccess(choice) };
    return {
      ...access,
      write: [output],
      sys: ["hostname"],
      ...modelAccess(choice, invocation.env),
    };
  },

  async run(invocation) {
    const flags = flagsOf(invocation);
    const config = await loadTypedConfig(invocation, () => {});
    const choice = choiceOf(config, { flags, invocation });
    const { modelOf } = await import("../models/model.ts");
    const { byBatch, isKnownToThink, priceOf } = await import("../models/cost/prices.ts");
    const { openTokenCounter } = await import("../models/cost/tokens.ts");
    const { preview } = await import("../plan/preview.ts");
    const { measuredRows } = await import("../run/cost/measured.ts");
    const { estimateRun } = await import("../run/cost/estimate.ts");
    const { offlineTokens } = await import("../run/cost/offline_tokens.ts");
    const { estimateText, rarestOf } = await import("./estimate_text.ts");

    const { env, typedIn: from, project } = invocation;
    const { settings } = config;
    const model = modelOf(choice, { from, env, project, settings });
    const live = priceOf(choice, { settings, env });
    const lookup = flags.batch ? byBatch(live) : live;
    const concurrency = flags.concurrency ?? settings.concurrency ?? model.concurrency;
    const which = {
      output: pathOf(flags.output, "output", invocation),
      ...(flags.run === undefined ? {} : { run: flags.run }),
      ...(flags.shard === undefined ? {} : { shard: flags.shard }),
      seed: flags.seed ?? settings.seed,
      sampling: flags.sampling ?? settings.sampling,
    };
    const readMeasured = () =>
      measuredRows(config, { ...which, model: model.name, price: lookup.price });

    let measured = await readMeasured();
    const inAll = flags.count ?? measured?.inAll ?? settings.count ?? 20;
    const shard = flags.shard === undefined ? null : parseShard(flags.shard);
    const { size: rows } = shardRows(inAll, shard);
    if (rows === 0) {
      say(`Shard ${flags.shard} of so few rows has none (blocks of 64 go round robin).`);
      return 0;
    }
    const counter = await openTokenCounter(choice);
    const offline = offlineTokens(config, {
      ...which,
      count: inAll,
      shard,
      form: model.form,
      counter,
    });
    const estimateNow = () => {
      const estimate = estimateRun(offline, {
        count: rows,
        price: lookup.price,
        measured,
        concurrency,
        thinks: isKnownToThink(choice),
      });
      // How long a batch takes isn't told by calls.
      return flags.batch ? { ...estimate, seconds: null } : estimate;
    };

    const calls = Math.min(flags.probe ?? 0, rows) - (measured?.done ?? 0);
    if (calls > 0) {
      const cost = estimateNow().cost;
      say(
        `Asking ${counted(calls, "row")} of ${model.name}` +
          (cost === null ? "" : `, about ${money(cost.estimate / rows * calls)}`) + " …",
      );
      const exitCode = await probeRows(config, {
        ...which,
        model,
        calls,
        count: inAll,
        concurrency,
        note: (message) => say(pathsFrom(from, message)),
      });
      if (exitCode !== 0) return exitCode;
      measured = await readMeasured();
    }

    const facts = {
      estimate: estimateNow(),
      model: choice.provider === "openai" ? choice.name : model.name,
      lookup,
      concurrency,
      batch: flags.batch ?? false,
      ...(flags.shard === undefined ? {} : { part: { shard: flags.shard, inAll } }),
      rarest: rarestOf(preview(config, { count: rows })),
    };
    const text = `${estimateText(facts)}\n${nextText(invocation, { inAll, measured })}`;
    if (!flags.json) give(text + "\n");
    else {
      const { estimate, rarest } = facts;
      const { shard: part = null } = flags;
      give(
        JSON.stringify({
          ...estimate,
          shard: part,
          model: model.name,
          concurrency,
          ...lookup,
          rarest,
        }) + "\n",
      );
      say(text);
    }
    return 0;
  },
};

function flagsOf(invocation: Invocation): EstimateFlags {
  return invocation.parsed.opts<EstimateFlags>();
}

function choiceOf(
  config: Config,
  { flags, invocation }: { flags: EstimateFlags; invocation: Invocation },
): ModelChoice {
  return chooseModel({ flag: flags.model, env: invocation.env, settings: config.settings });
}

/** Asks the rows of the probe and says what became of them; gives the exit code. */
async function probeRows(config: Config, options: ProbeOptions): Promise<number> {
  const { probe } = await import("../run/probe.ts");
  const { onInterrupt } = await import("./interrupt.ts");
  const { note = say } = options;
  const interrupt = onInterrupt(() => say("Stopping: calls are still out; again to leave them."));
  try {
    const summary = await probe(config, { ...options, signal: interrupt.stop, cut: interrupt.cut });
    const { asked, folder, stopped } = summary;
    note(
      `${count(asked)} of ${counted(options.calls, "row")} answered and kept → ${folder}` +
        (options.shard === undefined ? " (a run made in one; in shards: --shard here too)" : "") +
        (asked < options.calls && stopped === null ? ". For the others: the same again." : ""),
    );
    if (stopped === null) return 0;
    say(stopped === "interrupted" ? "Interrupted." : stopped.message);
    return stopped === "interrupted" ? 130 : stopped.exitCode;
  } finally {
    interrupt.release();
  }
}

/** What to type next. */
function nextText(
  invocation: Invocation,
  { inAll, measured }: { inAll: number; measured: Measured | null },
): string {
  if (measured !== null && inAll < measured.inAll) {
    return `The run has ${
      count(measured.inAll)
    } rows planned; fewer are a run of their own (--run).`;
  }
  const words = [
    "--config",
    "--run",
    "--shard",
    "--output",
    "--model",
    "--seed",
    "--sampling",
    "--concurrency",
  ]
    .flatMap((flag) => {
      const value = invocation.parsed.opts<Record<string, unknown>>()[flag.slice(2)];
      return value === undefined ? [] : [flag, shellWord(String(value))];
    });
  const { batch, shard } = flagsOf(invocation);
  const same = [...words, "--count", String(inAll), ...(batch ? ["--batch"] : [])].join(" ");
  if (measured === null) {
    return `Surer, by asking a few rows that are kept: deno task estimate ${same} --probe 20`;
  }
  // A run in shards is gone on with shard by shard.
  return shard === undefined && measured.shards !== null
    ? `Next, for each of its ${count(measured.shards)} shards: deno task generate ${same} ` +
      `--shard 1/${measured.shards} …`
    : `Next: deno task generate ${same}`;
}
