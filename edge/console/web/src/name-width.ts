/** As `.tile-name` has it. */
const sizePx = 11.5;
const widths = new Map<string, number>();
let pen: CanvasRenderingContext2D | null | undefined;

/** How wide the name of a value is drawn on one line, px. */
export function nameWidth(name: string): number {
  const known = widths.get(name);
  if (known !== undefined) return known;
  if (pen === undefined) {
    pen = document.createElement('canvas').getContext('2d');
    if (pen) pen.font = `${sizePx}px ${getComputedStyle(document.body).fontFamily}`;
  }
  const width = Math.ceil(pen?.measureText(name).width ?? 0);
  widths.set(name, width);
  return width;
}
