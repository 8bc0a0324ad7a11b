const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Melt per kelvin above freezing, mm/(K·h): a degree-day factor of 4 mm/(K·d), as open ground has it (R. Hock, Temperature index melt modelling in mountain areas, J. Hydrology 282, 2003). */
const meltMmKH = 4 / 24;
/** Snow that dry winter air takes away, mm/d: design choice. */
const sublimationMmD = 0.1;
/** Steps in which a winter's cover is summed up. */
const cellMs = 6 * hourMs;
/** A winter's account is opened in August, when nothing lies. */
const openedMonth = 7;

/** Water that snow would give at a temperature, mm/h, as long as any lies. */
export const snowMeltMmH = (outdoorC: number): number => meltMmKH * Math.max(0, outdoorC);

/** What falls, and how warm it is. */
export interface Snowfall {
  readonly snowMmH: number;
  readonly outdoorC: number;
}

/** Cover at the edges of the cells of one winter, mm of water. */
function winterOf(openMs: number, at: (timeMs: number) => Snowfall): Float64Array {
  const cover = new Float64Array(Math.ceil((366 * dayMs) / cellMs) + 1);
  const hours = cellMs / hourMs;
  for (let cell = 0; cell + 1 < cover.length; cell++) {
    const { snowMmH, outdoorC } = at(openMs + (cell + 0.5) * cellMs);
    const lost = hours * (snowMeltMmH(outdoorC) + sublimationMmD / 24);
    cover[cell + 1] = Math.max(0, (cover[cell] as number) + hours * snowMmH - lost);
  }
  return cover;
}

/**
 * Snow that lies on open ground, mm of water, as a function of the time: what fell and has not melted since August.
 * A winter is summed up when it is first asked for.
 */
export function snowCover(at: (timeMs: number) => Snowfall): (timeMs: number) => number {
  let heldMs = Number.NaN;
  let cover: Float64Array = new Float64Array(2);
  return (timeMs) => {
    const date = new Date(timeMs);
    const year = date.getUTCFullYear() - (date.getUTCMonth() < openedMonth ? 1 : 0);
    const openMs = Date.UTC(year, openedMonth, 1);
    if (openMs !== heldMs) {
      cover = winterOf(openMs, at);
      heldMs = openMs;
    }
    const place = (timeMs - openMs) / cellMs;
    const cell = Math.floor(place);
    const [before, after] = [cover[cell] ?? 0, cover[cell + 1] ?? 0];
    return before + (after - before) * (place - cell);
  };
}
