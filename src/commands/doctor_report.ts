import { printable } from "../text/printable.ts";
import type { SetUp } from "./doctor_setup.ts";
import { count } from "../text/numbers.ts";

/** What became of the one call. */
export interface CallReport {
  ok: boolean;
  /** Milliseconds; null where nothing was asked. */
  ms: number | null;
  /** HTTP status; null where no response came. */
  status: number | null;
  /** What was said, in a line. */
  said: string;
}

/** The whole report: what `--json` prints. */
export interface DoctorReport
  extends Omit<SetUp, "choice" | "asking" | "output" | "problem" | "setIn"> {
  ok: boolean;
  exitCode: 0 | 2 | 3;
  output: { folder: string; writable: boolean | null; why: string | null };
  call: CallReport;
  /** What to change, a sentence a line. */
  advice: string[];
  /** The command that the set-up is for. */
  next: string;
}

/** The lines that tell the set-up, known before anything is asked. */
export function setUpLines(setUp: SetUp): string[] {
  const { provider, model, address, key, config, proxy, weights } = setUp;
  const lines = [`plumbline ${setUp.plumbline} · Deno ${setUp.deno} · ${setUp.system}`];
  const tell = (name: string, value: string, from?: string) =>
    lines.push(`${name.padEnd(9)} ${value}${from === undefined ? "" : `   (${from})`}`);
  if (provider !== null) tell("provider", provider.value, provider.from);
  if (model !== null) tell("model", model.value, model.from);
  if (address !== null) tell("address", address.value, address.from);
  const { apiVersion } = setUp;
  if (apiVersion !== null) tell("version", printable(apiVersion.value), apiVersion.from);
  if (key !== null) {
    if (key.length === 0) {
      const how = key.from === null ? "not set" : `blank in ${key.from}`;
      tell("key", `none: ${key.variable} is ${how}`);
    } else tell("key", `${count(key.length)} characters`, `${key.variable} in ${key.from}`);
  }
  if (proxy !== null) tell("proxy", proxy.address, proxy.variable);
  if (weights !== null) {
    tell(
      "weights",
      "path" in weights ? weights.path : `not there yet, to be fetched once: ${weights.toFetch}`,
    );
  }
  tell("config", config.line ?? `${config.folder}: ${config.faults.length} at fault`);
  for (const line of [...config.faults, ...config.warnings]) lines.push(`          ${line}`);
  return lines;
}

/** The lines that come after the call. */
export function outcomeLines(report: DoctorReport): string[] {
  const { output, call, remarks, advice, ok, exitCode, next } = report;
  const lines = [
    `output    ${output.folder}${WRITABLE[`${output.writable}`]}${output.why ?? ""}`,
    `call      ${call.said}`,
    ...remarks.map((remark) => `note      ${remark}`),
  ];
  if (advice.length > 0) lines.push("", ...advice);
  lines.push("", ok ? `OK. Next: ${next}` : `Not OK: ${VERDICTS[exitCode]}`);
  return lines;
}

const WRITABLE = { true: ", writable", false: " can't be written: ", null: ", not tried" };

const VERDICTS: Record<0 | 2 | 3, string> = {
  0: "",
  2: "something is set up wrong. Exit 2.",
  3: "the endpoint doesn't answer. Exit 3.",
};
