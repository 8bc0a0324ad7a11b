export const fontOf = (sizePx: number): string => `${sizePx}px ${getComputedStyle(document.body).fontFamily}`;

/** A colour of the style sheets by name. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
