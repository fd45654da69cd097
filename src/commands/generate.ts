import { Option } from "commander";
import { dirname } from "node:path";
import type { Config } from "../config/types.ts";
import { UserError } from "../error.ts";
import { hasBatches, noBatchesError } from "../models/batch/offered.ts";
import { chooseModel, formOf, NOTHING_CHOSEN } from "../models/choice.ts";
import { addressIn, shownAddress } from "../models/endpoint/address.ts";
import type { Environment } from "../models/endpoint/environment.ts";
import { PROVIDERS, remoteOf } from "../models/endpoint/providers.ts";
import { LOCAL_MODELS } from "../models/local/models.ts";
import type { ModelChoice } from "../models/types.ts";
import { parseShard, shardRows } from "../plan/shard.ts";
import type { GenerateSummary } from "../run/generate.ts";
import { plannedText } from "../run/progress_text.ts";
import { LOST_OUTCOMES, type Outcome, type RowRecord } from "../run/types.ts";
import type { Access, CommandSpec, Invocation } from "./command.ts";
import { noAccess } from "./command.ts";
import { configLine, loadTypedConfig } from "./config_line.ts";
import {
  configFolder,
  configLabel,
  type Limit,
  limit,
  listOf,
  pathOf,
  positiveNumber,
  type RunFlags,
  runOptions,
  shareOfLimit,
  wholeNumber,
} from "./flags.ts";
import { modelAccess, offlineAccess } from "./model_access.ts";
import { count, counted, money } from "../text/numbers.ts";
import { draw, give, pathsFrom, say } from "./say.ts";
import { isLanguageAttribute, languageCode } from "../text/language.ts";
import { rowTable } from "./table.ts";

/** The flags of `generate` after parsing. */
interface GenerateFlags extends RunFlags {
  timeout?: number;
  maxFailed: Limit;
  maxCost?: number;
  share?: number;
  patience?: number;
  batch?: boolean;
  cancelBatch?: boolean;
  retry?: Exclude<Outcome, "ok">[];
  dryRun?: boolean;
  show: number;
  skipBadLines?: boolean;
  json?: boolean;
}

const RETRIABLE = ["failed", ...LOST_OUTCOMES] as const;

/** `deno task generate`: plan, ask the model, record every answer. */
export const generateCommand: CommandSpec = {
  define(command) {
    command.description(
      "Make rows: draw what each one asks for, have a model write it, record every answer. The same " +
        "command again finishes the run; a larger --count extends it.",
    );
    for (const option of runOptions()) command.addOption(option);
    return command
      .addOption(
        new Option("--timeout <seconds>", "gives a call up (default: settings.json, else 60)")
          .argParser(positiveNumber),
      )
      .addOption(
        new Option("--retry <outcomes>", `asks such rows again: ${RETRIABLE.join(", ")}`)
          .argParser(listOf(RETRIABLE)),
      )
      .addOption(
        new Option(
          "--max-cost <usd>",
          "stop before the run, all shards together, costs more; needs a known price. Calls of other " +
            "processes count once they are answered, so several may pass it by what they have in flight",
        )
          .argParser(positiveNumber),
      )
      .addOption(
        new Option("--share <1/n>", "this process's part of the endpoint's limit, among n alike")
          .argParser(shareOfLimit),
      )
      .addOption(
        new Option(
          "--patience <minutes>",
          "with no answer at all for so long the run ends, its rows pending (default: 5)",
        )
          .argParser(positiveNumber),
      )
      .addOption(
        new Option(
          "--batch",
          "by the Batch API of OpenAI or Azure: half the price, within 24 hours",
        ),
      )
      .addOption(
        new Option("--cancel-batch", "cancel the run's open batches, keep what they have answered"),
      )
      .addOption(
        new Option("--max-failed <limit>", "more failed rows than this give exit code 1")
          .argParser(limit).default({ share: 0.05 }, "5%"),
      )
      .addOption(
        new Option("--show <n>", "rows to show at the end").argParser(wholeNumber(0)).default(3),
      )
      .addOption(new Option("--dry-run", "show three prompts and the plan; ask nothing"))
      .addOption(new Option("--skip-bad-lines", "go on where the record log has broken lines"))
      .addOption(new Option("--json", "print the summary as JSON on stdout"))
      .addHelpText(
        "after",
        `
Without a model the first of these is taken: PLUMBLINE_MODEL, "model" in settings.json, openai: if
OPENAI_API_KEY or OPENAI_BASE_URL is set, azure: if AZURE_OPENAI_ENDPOINT is set, else local:.

With --batch the rows are uploaded, and this waits until they are answered. It may be ended at any
time: the batches go on at the endpoint, and the same command collects them. Their rows count at half
of the price that is known, also of "price" in settings.json, which is that of live calls.

Examples:
  deno task generate
  deno task generate --config metro --count 2000 --seed 2
  deno task generate --model simulated:leaky --count 400
  deno task generate --count 20000 --batch
  OPENAI_BASE_URL=http://localhost:8000/v1 deno task generate --model openai:qwen2.5-7b`,
      );
  },

  async prepare(invocation) {
    const flags = flagsOf(invocation);
    const config = await loadTypedConfig(invocation, say).catch(nothingAsked);
    say(configLine(config, configLabel(invocation)));
    const output = pathOf(flags.output, "output", invocation);
    const access: Access = {
      ...noAccess(),
      read: [configFolder(invocation), output],
      write: [output],
      sys: ["hostname"],
    };
    const choice = chooseModel({
      flag: flags.model,
      env: invocation.env,
      settings: config.settings,
    });
    if (flags.dryRun) return { ...access, write: [], sys: [], ...offlineAccess(choice) };
    const model = `${choice.provider}:${choice.name}`;
    if ((flags.batch || flags.cancelBatch) && !hasBatches(choice)) throw noBatchesError(model);
    if (choice.provider === "simulated") {
      const { profileOf } = await import("../models/simulated/profiles.ts");
      profileOf(choice.name);
    }
    if (choice.provider === "local") {
      const { isFinished } = await import("../run/log/finished.ts");
      if (await isFinished(config, { ...flags, output, model })) {
        return { ...access, ...modelAccess(choice, invocation.env), localModel: null };
      }
    }
    say(modelText(choice, { env: invocation.env, config }));
    return { ...access, ...modelAccess(choice, invocation.env) };
  },

  async run(invocation) {
    const flags = flagsOf(invocation);
    const config = await loadTypedConfig(invocation, () => {});
    const choice = chooseModel({
      flag: flags.model,
      env: invocation.env,
      settings: config.settings,
    });
    if (flags.dryRun) return await showPrompts(config, { flags, choice });
    return await generateRows(config, { flags, choice, invocation });
  },
};

/** Says what a fault in the config kept from happening. */
function nothingAsked(error: unknown): never {
  if (!(error instanceof UserError)) throw error;
  throw new UserError(`${error.message}\nNothing was asked.`, { cause: error });
}

function flagsOf(invocation: Invocation): GenerateFlags {
  return invocation.parsed.opts<GenerateFlags>();
}

/** Where rows come from, and why. */
function modelText(
  choice: ModelChoice,
  { env, config }: { env: Environment; config: Config },
): string {
  const { provider, name, origin } = choice;
  const model = `${provider}:${name}`;
  switch (provider) {
    case "simulated":
      return `Rows are composed by ${model}: no language model, for rehearsals only.`;
    case "local": {
      const lines = [
        origin === NOTHING_CHOSEN
          ? `No key and no endpoint set, so rows come from ${model}: real text of a very small ` +
            "model, good for a\nfirst look. Better text: set OPENAI_API_KEY, or OPENAI_BASE_URL " +
            "for your own server."
          : `Rows come from ${model} on this machine (${origin}).`,
      ];
      if (LOCAL_MODELS[name]?.promptForm === "few-shot" && asksOtherThanEnglish(config)) {
        lines.push(`${model} writes English only, whatever language is asked for.`);
      }
      return lines.join("\n");
    }
    default: {
      const address = shownAddress(addressIn(remoteOf(provider), env));
      return `Rows come from ${model} at ${address} (${origin}).`;
    }
  }
}

function asksOtherThanEnglish(config: Config): boolean {
  return Object.values(config.attributes).some((items) => {
    const values = items.map((item) => item.value);
    return isLanguageAttribute(values) &&
      values.some((value) => value !== "" && languageCode(value) !== "en");
  });
}

/** `--dry-run`: three prompts in full and what so many rows buy. */
async function showPrompts(
  config: Config,
  { flags, choice }: { flags: GenerateFlags; choice: ModelChoice },
): Promise<number> {
  const { plan } = await import("../plan/plan.ts");
  const { preview } = await import("../plan/preview.ts");
  const { tallyPairs } = await import("../plan/pairs.ts");
  const { prompter } = await import("../prompt/prompt.ts");
  const { previewText } = await import("./plan_preview.ts");
  const seed = flags.seed ?? config.settings.seed;
  const shard = flags.shard === undefined ? null : parseShard(flags.shard);
  const { size, rowAt } = shardRows(flags.count ?? config.settings.count ?? 20, shard);
  const planned = plan(config, { seed, sampling: flags.sampling ?? config.settings.sampling });
  const messagesOf = prompter(config, { form: formOf(choice), seed });
  for (let place = 0; place < Math.min(3, size); place++) {
    const row = rowAt(place);
    give(`=== row ${row} for ${choice.provider}:${choice.name}\n`);
    for (const message of messagesOf(planned(row))) {
      give(`--- ${message.role}\n${message.content}\n`);
    }
  }
  const pairs = tallyPairs(config);
  for (let place = 0; place < size; place++) pairs.add(planned(rowAt(place)));
  say(previewText(preview(config, { count: size }), pairs.coverage()));
  say("Nothing was asked and nothing was written (--dry-run).");
  return 0;
}

async function generateRows(
  config: Config,
  { flags, choice, invocation }: {
    flags: GenerateFlags;
    choice: ModelChoice;
    invocation: Invocation;
  },
): Promise<number> {
  const { generate } = await import("../run/generate.ts");
  const { modelOf } = await import("../models/model.ts");
  const { progressLine } = await import("./progress.ts");
  const { onInterrupt } = await import("./interrupt.ts");
  const { preview } = await import("../plan/preview.ts");
  const { correctionText } = await import("./plan_preview.ts");

  const { attributes, length } = preview(config, { count: 0 });
  const corrected = attributes.filter((attribute) => attribute.corrected).map(({ stem }) => stem);
  if (length?.corrected) corrected.push("length");
  if (corrected.length > 0) say(correctionText(corrected));

  const isTerminal = Deno.stderr.isTerminal();
  // Some terminals say 0 where they don't know.
  const columnsOf = () => isTerminal ? Deno.consoleSize().columns || 80 : 120;
  const progress = progressLine({
    write: draw,
    isTerminal,
    columns: columnsOf,
    now: Date.now,
  });
  const shown: RowRecord[] = [];
  let inFlight = 0;
  const sayBetween = (message: string) => {
    progress.pause();
    say(pathsFrom(invocation.typedIn, message));
  };
  const interrupt = onInterrupt(() =>
    sayBetween(
      inFlight === 0
        ? "Stopping."
        : `Stopping: ${counted(inFlight, "call")} still out; again to leave them.`,
    )
  );
  const model = modelOf(choice, {
    from: invocation.typedIn,
    env: invocation.env,
    project: invocation.project,
    settings: flags.timeout === undefined
      ? config.settings
      : { ...config.settings, timeout: flags.timeout },
  });
  try {
    const summary = await generate(config, {
      model,
      output: pathOf(flags.output, "output", invocation),
      count: flags.count,
      seed: flags.seed,
      sampling: flags.sampling,
      run: flags.run,
      shard: flags.shard,
      concurrency: flags.concurrency,
      retry: flags.retry,
      maxCost: flags.maxCost,
      share: flags.share,
      patience: flags.patience,
      batch: flags.batch,
      cancelBatch: flags.cancelBatch,
      skipBadLines: flags.skipBadLines,
      signal: interrupt.stop,
      cut: interrupt.cut,
      note: sayBetween,
      onRecord(record) {
        if (shown.length < flags.show) shown.push(record);
      },
      onProgress(state) {
        inFlight = state.inFlight;
        progress.update(state);
      },
    });
    progress.end();
    if (flags.json) give(JSON.stringify(summary) + "\n");
    const folder = pathsFrom(invocation.typedIn, summary.folder);
    say(
      summaryText({ ...summary, folder }, {
        shown,
        stems: stemsByVariety(config),
        columns: columnsOf(),
        source: sourceText(choice),
        cancelled: flags.cancelBatch ?? false,
      }),
    );
    return await exitCodeOf(summary, flags.maxFailed);
  } finally {
    interrupt.release();
  }
}

/** The attributes with the most values first: they tell rows apart. */
function stemsByVariety(config: Config): string[] {
  return Object.entries(config.attributes)
    .toSorted(([, a], [, b]) => b.length - a.length).map(([stem]) => stem);
}

const RETRY = "To ask the failed rows again: the same command with --retry failed.";

function summaryText(
  summary: GenerateSummary,
  { shown, columns, source, stems, cancelled }: {
    cancelled: boolean;
    shown: RowRecord[];
    columns: number;
    source: string | null;
    stems: string[];
  },
): string {
  const { counts, shard, stopped } = summary;
  if (cancelled && stopped === null) return cancelledText(summary);
  if (summary.asked === 0 && stopped === null) {
    if (counts.planned === 0) {
      return `Nothing to do: shard ${shard} of so few rows has none (blocks of 64 go round robin).`;
    }
    return `Nothing to do: ${count(counts.planned - counts.pending)} of ${
      count(counts.planned)
    } rows are there. More rows: ${
      shard === null ? `--count ${counts.planned * 10}` : "a larger --count, for each shard"
    }.` + (counts.failed > 0 ? `\n${RETRY}` : "") + openBatchesText(summary);
  }
  const lines: string[] = [];
  if (shown.length > 0) {
    lines.push("", rowTable(shown, { columns, stems }));
    const more = counts.planned - counts.pending - shown.length;
    if (more > 0) lines.push(`  …${count(more)} more in ${summary.folder}/records.jsonl`);
    lines.push("");
  }
  lines.push(
    plannedText(counts) + costText(summary) +
      (summary.costElsewhere ? ` (other shards: ${money(summary.costElsewhere)})` : "") +
      ` → ${summary.folder}`,
  );
  const open = summary.openBatches?.length ?? 0;
  if (stopped === "interrupted" && open > 0) {
    lines.push(
      `Interrupted. ${
        open === 1 ? "The batch goes" : `${open} batches go`
      } on at the endpoint and nothing is lost. To collect: the same command.`,
    );
  } else if (stopped === "interrupted") {
    lines.push("Interrupted. To go on: the same command again.");
  } else if (stopped !== null) {
    lines.push(stopped.message);
    if (source !== null && mayBeTheAddress(stopped.message)) lines.push(source);
  } else {
    if (counts.failed > 0) lines.push(RETRY);
    // A shard is a part of a run, and the run is what is looked at.
    const folder = shard === null ? summary.folder : dirname(summary.folder);
    lines.push(`Next: deno task analyze ${folder}`);
    lines.push(`Then: deno task export ${folder} --format csv --to rows.csv`);
  }
  return lines.join("\n");
}

/** A batch that is open and of which this start didn't take notice is paid all the same. */
function openBatchesText({ openBatches = [] }: GenerateSummary): string {
  const open = openBatches.length;
  if (open === 0) return "";
  return `\n${counted(open, "batch", "batches")} ${
    open === 1 ? "is" : "are"
  } open at the endpoint: ` +
    `to collect ${open === 1 ? "it" : "them"} add --batch.`;
}

/** ` · $0.31`; an estimate says so. */
function costText({ cost, costAssumed }: GenerateSummary): string {
  if (costAssumed === undefined) return cost ? ` · ${money(cost)}` : "";
  return ` · ≈ ${money((cost ?? 0) + costAssumed)} (${money(costAssumed)} of it estimated: the ` +
    "endpoint counts no tokens)";
}

/** What is left after open batches were cancelled. */
function cancelledText({ asked, counts, folder }: GenerateSummary): string {
  return [
    `${plannedText(counts)} → ${folder}`,
    asked === 0
      ? "No batch is open that had answered rows."
      : `${counted(asked, "row")} that batches had answered were kept.`,
    ...(counts.pending > 0
      ? [
        "For the pending ones: the same with --batch instead of --cancel-batch (half price), or " +
        "without both for live calls.",
      ]
      : []),
  ].join("\n");
}

/** Whether what ended a run may be that the wrong endpoint was asked; what names a key isn't. */
function mayBeTheAddress(message: string): boolean {
  return /can't be asked|no call comes through|doesn't know batch/.test(message) &&
    !message.includes("OPENAI_");
}

/** Where the address of an endpoint comes from. */
function sourceText(choice: ModelChoice): string | null {
  const { remote } = PROVIDERS[choice.provider];
  return remote === null ? null : `${remote.variables.address} sets the address.`;
}

async function exitCodeOf(summary: GenerateSummary, maxFailed: Limit): Promise<number> {
  const { counts, stopped } = summary;
  if (stopped === "interrupted") return 130;
  if (stopped !== null) return stopped.exitCode;
  // What was only cancelled has rows that were never asked.
  if (counts.ok === 0 && counts.planned > 0 && counts.pending === 0) {
    say(await withoutOkText(summary));
    return 1;
  }
  const most = "rows" in maxFailed ? maxFailed.rows : maxFailed.share * counts.planned;
  if (counts.failed <= most) return 0;
  say(`${counted(counts.failed, "row")} failed, more than --max-failed allows. Exit 1.`);
  return 1;
}

/** Why a run has nothing to look at. */
async function withoutOkText({ folder, counts }: GenerateSummary): Promise<string> {
  const { commonestReason } = await import("../run/log/commonest_reason.ts");
  const { readRun } = await import("../run/log/read.ts");
  const run = await readRun(folder, { skipBadLines: true });
  const commonest = await commonestReason([run.rows()]);
  if (commonest === null) return "No row is ok. Exit 1.";
  const { outcome, reason, rows } = commonest;
  return `No row is ok. ${count(rows)} of ${
    count(counts.planned)
  } are ${outcome}: ${reason}\nExit 1.`;
}
