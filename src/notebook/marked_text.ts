import { markup } from "./markup.ts";

const MARKS = Symbol("marks");

/** A part of a text: indices of its first code unit and of the one after its last. */
export interface Mark {
  start: number;
  end: number;
}

/** A text of which parts are marked where it is shown in a table. */
export interface MarkedText {
  text: string;
  [MARKS]: readonly Mark[];
}

/**
 * A text with marks.
 *
 * @param marks In any order; those that overlap become one.
 */
export function markedText(text: string, marks: readonly Mark[]): MarkedText {
  const joined: Mark[] = [];
  for (const mark of marks.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last !== undefined && mark.start < last.end) last.end = Math.max(last.end, mark.end);
    else joined.push({ ...mark });
  }
  return { text, [MARKS]: joined };
}

/** Whether a value was made by {@linkcode markedText}. */
export function isMarkedText(value: unknown): value is MarkedText {
  return typeof value === "object" && value !== null && MARKS in value;
}

/** The text as HTML, all of it escaped. */
export function markedHtml({ text, [MARKS]: marks }: MarkedText): string {
  return pieces(text, marks).map(({ piece, marked }) =>
    // Its own colours: pages in the dark have a light text.
    marked
      ? `<mark style="background-color:#ffe08a;color:#000">${markup(piece)}</mark>`
      : markup(piece)
  ).join("");
}

/** The text as it stands in a terminal, not made safe yet. */
export function markedPlain({ text, [MARKS]: marks }: MarkedText): string {
  return pieces(text, marks).map(({ piece, marked }) => marked ? `»${piece}«` : piece).join("");
}

/** The start of a marked text, with a sign where it was cut. */
export function shortenedMarks(of: MarkedText, longest: number): MarkedText {
  const { text, [MARKS]: marks } = of;
  if (text.length <= longest) return of;
  // A pair of surrogates isn't cut in two.
  const end = /[\ud800-\udbff]/.test(text[longest - 2] ?? "") ? longest - 2 : longest - 1;
  return {
    text: text.slice(0, end) + "…",
    [MARKS]: marks.filter(({ start }) => start < end)
      .map((mark) => ({ start: mark.start, end: Math.min(mark.end, end) })),
  };
}

function pieces(text: string, marks: readonly Mark[]): { piece: string; marked: boolean }[] {
  const found: { piece: string; marked: boolean }[] = [];
  let from = 0;
  for (const { start, end } of marks) {
    found.push({ piece: text.slice(from, start), marked: false });
    found.push({ piece: text.slice(start, end), marked: true });
    from = end;
  }
  found.push({ piece: text.slice(from), marked: false });
  return found.filter(({ piece }) => piece !== "");
}
