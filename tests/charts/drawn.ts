import { DOMParser } from "linkedom";
import type { ChartElement } from "../../src/charts/plot.ts";

/** What a reader sees of a chart. */
export interface Drawn {
  title: string;
  subtitle: string;
  /** The texts of the picture in their order, labels and notes, without those of axes. */
  texts: string[];
  /** How many marks of a kind there are: Plot's name of the mark, and its element's tag. */
  count(mark: string, tag: string): number;
  /** An attribute of each of these marks. */
  attributes(mark: string, tag: string, name: string): string[];
}

/** Reads a chart as a page does. */
export function drawn(chart: ChartElement): Drawn {
  const document = new DOMParser().parseFromString(
    `<!doctype html><html><body>${chart.outerHTML}</body></html>`,
    "text/html",
  );
  const textOf = (selector: string) => document.querySelector(selector)?.textContent ?? "";
  const marks = (mark: string, tag: string): Found[] => {
    const found: Iterable<Found> = document.querySelectorAll(`[aria-label="${mark}"] ${tag}`);
    return Array.from(found);
  };
  return {
    title: textOf("h2"),
    subtitle: textOf("h3"),
    texts: marks("text", "text").map(({ textContent }) => textContent ?? ""),
    count: (mark, tag) => marks(mark, tag).length,
    attributes: (mark, tag, name) =>
      marks(mark, tag).map((element) => element.getAttribute(name) ?? ""),
  };
}

/** As much of an element as is read here. */
interface Found {
  textContent: string | null;
  getAttribute(name: string): string | null;
}
