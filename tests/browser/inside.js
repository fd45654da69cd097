// What tests look at from inside the page; plain JavaScript, as the page's own.

/** Presses keys without a pause, faster than anybody. */
export function pressAtOnce(keys) {
  for (const key of keys) {
    document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  }
}

/** The words of the focused button, and whether it is to be seen which one it is. */
export function focused() {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  const words = document.activeElement.querySelector("bdi")?.textContent ?? "";
  return { words, isSeen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 };
}

/** What a text would have changed that isn't only shown. */
export function traces() {
  return {
    elements: document.querySelectorAll("#text *, main img, main script, main b").length,
    title: document.title,
    bidi: getComputedStyle(document.querySelector("#text")).unicodeBidi,
  };
}

/** Of the first element of each selector the contrast (WCAG 2) and how light its paper is. */
export function contrasts(selectors) {
  return selectors.map((selector) => {
    const element = document.querySelector(selector);
    const paper = luminance(paperOf(element));
    const pair = [luminance(getComputedStyle(element).color), paper].sort((a, b) => b - a);
    return { selector, contrast: (pair[0] + 0.05) / (pair[1] + 0.05), paper };
  });

  function paperOf(element) {
    const { backgroundColor } = getComputedStyle(element);
    return backgroundColor === "rgba(0, 0, 0, 0)"
      ? paperOf(element.parentElement)
      : backgroundColor;
  }

  function luminance(colour) {
    const [r, g, b] = colour.match(/[\d.]+/g).map((part) => {
      const c = Number(part) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
}
