const usualPx = 16;

/** By how much the letters are larger than usual, as the viewer told the browser: rows of a fixed height grow with them (WCAG 1.4.4). */
export const textScale = (): number => Math.max(1, Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / usualPx || 1);
