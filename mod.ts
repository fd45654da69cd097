/**
 * Plumbline makes synthetic user inputs for testing and aligning AI assistants: rows are drawn as
 * configured, written by a model, and kept with what was asked for. This module is the same as functions,
 * for notebooks and scripts.
 *
 * @example Draw the first row of the shipped example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadConfig, plan } from "./mod.ts";
 * const config = await loadConfig("config");
 * const first = plan(config, { seed: 1, sampling: "even" })(0);
 * assert(typeof first.attributes.topic === "string");
 * ```
 *
 * @module
 */

export { analyze, type AnalyzeOptions } from "./src/analysis/analyze.ts";
export { fileSource, type FileSourceOptions } from "./src/analysis/reading/file_source.ts";
export { corpusOf, readCorpus, type ReadCorpusOptions } from "./src/analysis/reading/corpus.ts";
export type * from "./src/analysis/findings.ts";
export { type Headline, headlines } from "./src/analysis/headlines/headlines.ts";
export { readRows, type ReadRowsOptions } from "./src/analysis/reading/read_rows.ts";
export type {
  AnalysisRow,
  Corpus,
  Reading,
  RowReference,
  Source,
} from "./src/analysis/reading/rows.ts";
export { runSource } from "./src/analysis/reading/run_source.ts";
export { englishReference, type Reference, referenceOf } from "./src/analysis/terms/reference.ts";
export { remarkableTerms } from "./src/analysis/terms/remarkable_terms.ts";
export {
  judge,
  type JudgeOptions,
  type JudgeProgress,
  type JudgeSummary,
  planJudging,
  type PlannedJudging,
} from "./src/judge/judge.ts";
export { judgeModel, type JudgeModelOptions } from "./src/judge/judge_model.ts";
export type { JudgedCounts } from "./src/judge/judged.ts";
export { type JudgeRow, type JudgeSource, runToJudge } from "./src/judge/source.ts";
export { type Label, readLabels } from "./src/run/log/labels.ts";
export { loadConfig, type LoadOptions } from "./src/config/load.ts";
export type * from "./src/config/types.ts";
export { UserError } from "./src/error.ts";
export { plan } from "./src/plan/plan.ts";
export { type Preview, preview } from "./src/plan/preview.ts";
export type * from "./src/plan/types.ts";
export { generate, type GenerateOptions, type GenerateSummary } from "./src/run/generate.ts";
export type { BatchLimits } from "./src/run/batch/types.ts";
export type { BatchProgress, GenerateProgress } from "./src/run/progress.ts";
export { readRun, type ReadRunOptions, type Run } from "./src/run/log/read.ts";
export type { LostOutcome, Outcome, RowCounts, RowRecord, RunManifest } from "./src/run/types.ts";
export { askedGotChart } from "./src/charts/asked_got.ts";
export { sharesChart, type SharesChartOptions } from "./src/charts/attribute_shares.ts";
export { confusionChart } from "./src/charts/confusion.ts";
export { coverageChart } from "./src/charts/coverage.ts";
export { distanceChart } from "./src/charts/distances.ts";
export { driftChart } from "./src/charts/drift.ts";
export { type EdgeChartOptions, endingsChart, openingsChart } from "./src/charts/edge_terms.ts";
export { lengthDistributionChart } from "./src/charts/length_distribution.ts";
export { lengthQuantileChart } from "./src/charts/length_quantiles.ts";
export { lengthChart } from "./src/charts/lengths.ts";
export { lostChart } from "./src/charts/lost.ts";
export { neverSeenChart } from "./src/charts/never_seen.ts";
export { type ChartElement, plot } from "./src/charts/plot.ts";
export { referenceChart } from "./src/charts/reference_terms.ts";
export { repeatsChart } from "./src/charts/repeats.ts";
export { tailsChart } from "./src/charts/tails.ts";
export { templateChart } from "./src/charts/template_terms.ts";
export { spreadChart } from "./src/charts/term_spread.ts";
export { valueTermsChart } from "./src/charts/value_terms.ts";
export { weightsChart, type WeightsChartOptions } from "./src/charts/weights.ts";
export {
  type GeneratedHere,
  generateHere,
  type GenerateHereOptions,
} from "./src/notebook/generate.ts";
export { stoppable, type StopSignals } from "./src/notebook/interrupt.ts";
export { type MarkableRow, markedRows } from "./src/notebook/marked_rows.ts";
export { previewTable } from "./src/notebook/preview_table.ts";
export { rowTable } from "./src/notebook/row_table.ts";
export { show, type ShowOptions } from "./src/notebook/show.ts";
export { svgFile } from "./src/notebook/svg_file.ts";
