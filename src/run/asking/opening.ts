import type { Model, OpenModel } from "../../models/model.ts";
import type { ParameterNotes } from "../../models/types.ts";

/** What was learned about the parameters of a run's model, and where that is kept. */
export interface Learning {
  /** What earlier starts have learned. */
  notes: ParameterNotes;
  /** Keeps it for the next start; what can't be kept is learned again then. */
  keep(notes: ParameterNotes): Promise<void>;
}

/** A model that is open, and what it teaches. */
export interface Opened extends OpenModel {
  /** Keeps what was learned since the last time. */
  keepLearned(): Promise<void>;
}

/**
 * Opens a model with what is known of its parameters. A local model may take minutes to fetch: a
 * stop doesn't wait for it.
 *
 * @returns Null: stopped.
 */
export async function openToAsk(
  model: Pick<Model, "name" | "open">,
  { learning, note, signal }: {
    learning: Learning;
    note: (message: string) => void;
    signal?: AbortSignal | undefined;
  },
): Promise<Opened | null> {
  const { dropped, replaced } = learning.notes;
  const notes: ParameterNotes = { dropped: [...dropped], replaced: { ...replaced } };
  let isNew = false;
  const opening = model.open(notes, (said) => {
    isNew = true;
    note(`${model.name} ${said}`);
  });
  const opened = await unlessStopped(opening, signal);
  if (opened === null) return null;
  return {
    ...opened,
    async keepLearned() {
      if (!isNew) return;
      isNew = false;
      await learning.keep(notes).catch(() => {});
    },
  };
}

async function unlessStopped(
  opening: Promise<OpenModel>,
  signal: AbortSignal | undefined,
): Promise<OpenModel | null> {
  if (signal === undefined) return await opening;
  const given = Promise.withResolvers<null>();
  const stop = () => given.resolve(null);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const opened = await Promise.race([opening, given.promise]);
  signal.removeEventListener("abort", stop);
  if (opened === null) opening.then((late) => late.close(), () => {});
  return opened;
}
