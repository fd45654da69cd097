// Charts stand on a white ground of their own, also in dark pages. Black and orange are told apart
// by people who see colours otherwise, and in print.

/** What is wanted. */
export const TARGET = "#000";
/** What is drawn to get there. */
export const DRAWN = "#d95f02";
/** Lines behind the marks. */
export const GROUND = "#e5e5e5";
