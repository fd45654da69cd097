import type { Config } from "../config/types.ts";
import type { Model } from "../models/model.ts";
import type { Fault } from "../models/types.ts";
import { generate, type GenerateOptions, type GenerateSummary } from "./generate.ts";

/** How a run is probed: as `generate` takes it, but with a model that is chosen already. */
export interface ProbeOptions extends GenerateOptions {
  model: Model;
  /** Calls to make: a positive whole number. */
  calls: number;
}

/**
 * Asks the first few of a run's rows that have no record yet, as `generate` would: they are kept, and
 * `generate` goes on after them, so that nothing is paid twice. No more than `calls` of them are
 * asked; after a fault that passes, another row is asked in its place while calls are left to start.
 *
 * @returns `stopped` is null where the probe came to its end, also with rows that stay pending.
 */
export async function probe(config: Config, options: ProbeOptions): Promise<GenerateSummary> {
  const { model, calls, signal } = options;
  const enough = new AbortController();
  let taken = 0;
  let address = model.name;
  let lastFault: Fault | null = null;
  const counted: Model = {
    ...model,
    async open(notes, onNote) {
      const opened = await model.open(notes, onNote);
      address = opened.address;
      return {
        ...opened,
        async call(request, callOptions) {
          taken += 1;
          if (taken >= calls) enough.abort();
          const answer = await opened.call(request, callOptions);
          if ("fault" in answer) {
            lastFault = answer.fault;
            if (["limited", "busy", "passing"].includes(answer.fault.kind)) taken -= 1;
          }
          return answer;
        },
      };
    },
  };
  const summary = await generate(config, {
    ...options,
    model: counted,
    signal: signal === undefined ? enough.signal : AbortSignal.any([enough.signal, signal]),
  });
  if (summary.stopped !== "interrupted" || signal?.aborted || options.cut?.aborted) return summary;
  return { ...summary, stopped: summary.asked === 0 ? nothingCame(address, lastFault) : null };
}

/** After the last call has started, a fault is no outcome of a row; where nothing came it is told. */
function nothingCame(address: string, fault: Fault | null): GenerateSummary["stopped"] {
  const why = fault === null ? "no answer came" : fault.reason;
  return {
    exitCode: 3,
    message: `${address} can't be asked: ${why}\nNo row was answered: the same command asks again.`,
  };
}
