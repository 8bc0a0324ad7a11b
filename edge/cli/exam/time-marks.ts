const marksWanted = 8;
const minuteMs = 60_000;
const steps = [1, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440, 2880, 7200].map((minutes) => minutes * minuteMs);
const dayMs = 1440 * minuteMs;

/** Round times of an axis with their texts, as clocks `offsetMs` ahead of UTC show them: by the day where it is long. */
export function timeMarks(fromMs: number, toMs: number, offsetMs: number): (readonly [timeMs: number, text: string])[] {
  const stepMs = steps.find((step) => (toMs - fromMs) / step <= marksWanted) ?? 7200 * minuteMs;
  const found: (readonly [number, string])[] = [];
  for (let at = Math.ceil((fromMs + offsetMs) / stepMs) * stepMs; at <= toMs + offsetMs; at += stepMs) {
    const iso = new Date(at).toISOString();
    found.push([at - offsetMs, stepMs < dayMs ? iso.slice(11, 16) : iso.slice(5, 10)]);
  }
  return found;
}
