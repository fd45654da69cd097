import { BOLD, labelWidth } from "../charts/labels.ts";
import { markup } from "./markup.ts";
import {
  attribute,
  type DomElement,
  type DomNode,
  isElement,
  wordsAround,
  xmlOf,
} from "./picture.ts";

const MARGIN = 16;
/** Sizes of the letters of the first line of words and of the others, in pixels. */
const TITLE_SIZE = 15;
const WORDS_SIZE = 12.5;

/**
 * A chart as the content of an SVG file, for a page, a paper or a slide: its title and the words below
 * it stand in the picture, on a white ground.
 *
 * @throws {RangeError} if there is no chart in the element.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lengthChart } from "../charts/lengths.ts";
 * import { svgFile } from "./svg_file.ts";
 * const chart = lengthChart({ mean: 2.5, sigma: 0.75, shift: 2, max: null, draw: null });
 * assert(svgFile(chart).startsWith("<svg "));
 * ```
 */
export function svgFile(chart: DomElement): string {
  const svg = largestOf(chart);
  if (svg === null) throw new RangeError("There is no chart in the element");
  const [chartWidth, chartHeight] = sizeOf(svg);
  const width = chartWidth + 2 * MARGIN;
  let y = MARGIN;
  const words = wordsAround(chart).flatMap((text, place) => {
    const size = place === 0 ? TITLE_SIZE : WORDS_SIZE;
    const bold = place === 0 ? BOLD : 1;
    const lines = linesOf(text, { width: chartWidth / (size / 12 * bold) }).map((line) => {
      y += size * 1.3;
      return `<text x="${MARGIN}" y="${y.toFixed(1)}" font-size="${size}"` +
        `${place === 0 ? ' font-weight="bold"' : ""}>${markup(line)}</text>`;
    });
    y += size * 0.5;
    return lines;
  });
  y += WORDS_SIZE * 0.5;
  const height = y + chartHeight + MARGIN;
  const inner = xmlOf(svg, { x: String(MARGIN), y: y.toFixed(1) });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height.toFixed(0)}" ` +
    `viewBox="0 0 ${width} ${height.toFixed(0)}" font-family="system-ui, sans-serif">` +
    `<rect width="100%" height="100%" fill="#fff"/>${words.join("")}${inner}</svg>\n`;
}

/** The chart itself: legends are smaller pictures. */
function largestOf(element: DomNode): DomElement | null {
  if (!isElement(element)) return null;
  if (element.localName === "svg") return element;
  return Array.from(element.childNodes, largestOf).reduce(
    (most, each) => area(each) > area(most) ? each : most,
    null,
  );
}

function area(svg: DomElement | null): number {
  if (svg === null) return 0;
  const [width, height] = sizeOf(svg);
  return width * height;
}

function sizeOf(svg: DomElement): [number, number] {
  return [Number(attribute(svg, "width") ?? 0), Number(attribute(svg, "height") ?? 0)];
}

/** A text in lines of about a width, in pixels of letters of 12 px. */
function linesOf(text: string, { width }: { width: number }): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || labelWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
