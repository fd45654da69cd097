import { UserError } from "../error.ts";
import { ailmentOf, exitCodeOf } from "../models/doctor/diagnose.ts";
import { type Environment, variable } from "../models/endpoint/environment.ts";
import { PROVIDERS } from "../models/endpoint/providers.ts";
import { openProbe } from "../models/doctor/probe.ts";
import { remedyFor } from "../models/doctor/remedy.ts";
import { type Trial, tryModel } from "../models/doctor/trial.ts";
import type { ModelChoice, ParameterNotes } from "../models/types.ts";
import { oneLine } from "../models/endpoint/words.ts";
import type { CallReport } from "./doctor_report.ts";
import { secretsIn, type SetUp } from "./doctor_setup.ts";
import { count } from "../text/numbers.ts";

/** What the one call came to, and what to change. */
export interface CheckedCall {
  call: CallReport;
  advice: string[];
  exitCode: 0 | 2 | 3;
}

/** Asks the model once, where it can be asked, and finds out what is wrong where no answer comes. */
export async function checkCall(
  setUp: SetUp,
  { env, timeoutSeconds }: { env: Environment; timeoutSeconds: number },
): Promise<CheckedCall> {
  const { choice, problem } = setUp;
  if (choice === null || problem !== null) return notAsked(problem ?? "no model can be chosen");
  let trial: Trial;
  try {
    trial = await tryModel(choice, { env, asking: setUp.asking, timeoutSeconds });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return notAsked(error.message);
  }
  const { answer, heard, notes, ms } = trial;
  if ("reply" in answer) {
    const { model, usage } = answer.reply;
    const tokens = usage === null ? "" : `, ${usage.input} tokens in, ${usage.output} out`;
    const said = `answered in ${count(ms)} ms by ${oneLine(model)}${tokens}${notesText(notes)}`;
    return { call: { ok: true, ms, status: heard.status, said }, advice: [], exitCode: 0 };
  }
  const { fault } = answer;
  const ailment = ailmentOf({ fault, heard }, {
    provider: choice.provider,
    model: choice.name,
    hasKey: setUp.key !== null && setUp.key.length > 0,
    proxied: setUp.proxy !== null,
    loopback: setUp.proxy?.loopback ?? false,
  });
  const call = { ok: ailment === null, ms, status: heard.status, said: fault.reason };
  if (ailment === null) {
    const said = `answered, by the endpoint's content filter: ${fault.reason}`;
    return { call: { ...call, said }, advice: [], exitCode: 0 };
  }
  const advice = await remedyFor(ailment, {
    choice,
    env,
    heard,
    proxy: setUp.proxy === null ? null : `${setUp.proxy.variable} (${setUp.proxy.address})`,
    whereSet: (name) => setUp.setIn[name] ?? null,
    chosenBy: setUp.model?.from ?? choice.origin,
    probe: openProbe({ headers: keyHeaders(choice, env) }),
  });
  const secrets = secretsIn([env]);
  return {
    call,
    advice: advice.map((line) => oneLine(line, { secrets, length: 400 })),
    exitCode: exitCodeOf(ailment),
  };
}

function notAsked(why: string): CheckedCall {
  const call = { ok: false, ms: null, status: null, said: "nothing was asked" };
  return { call, advice: why.split("\n"), exitCode: 2 };
}

/** What rows will be asked without, or otherwise. */
function notesText({ dropped, replaced }: ParameterNotes): string {
  const parts = [
    ...dropped.map((name) => `without ${name}`),
    ...Object.entries(replaced).map(([name, other]) =>
      name === "system" ? "with system and user in one message" : `with ${other} for ${name}`
    ),
  ];
  return parts.length === 0 ? "" : ` (it takes calls ${parts.join(", ")})`;
}

function keyHeaders({ provider }: ModelChoice, env: Environment): Record<string, string> {
  const { remote } = PROVIDERS[provider];
  const key = remote === null ? undefined : variable(env, remote.variables.key);
  if (remote === null || key === undefined) return {};
  return { [remote.keyHeader.name]: `${remote.keyHeader.before}${key}` };
}
