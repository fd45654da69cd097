// Charts stand on a white ground of their own, also in dark pages. Black, blue and orange are told
// apart by people who see colours otherwise; black and orange in print, too.

/** What is wanted. */
export const TARGET = "#000";
/** What is drawn to get there. */
export const DRAWN = "#d95f02";
/** What came. */
export const CAME = "#1f6fb2";
/** What came, as a ground under other marks. */
export const CAME_LIGHT = "#b5d0e8";
/** What stands out from what is wanted, or from the others, by more than chance. */
export const STRIKING = "#d95f02";
/** What was asked for. */
export const ASKED = "#777";
/** Where differences are noise. */
export const NOISE = "#dcdcdc";
/** Words beside the marks. */
export const WORDS = "#555";
/** Lines behind the marks. */
export const GROUND = "#e5e5e5";
