import type { LiveTable } from '../../core/live-table.ts';
import { isBad, qualityName } from '../../core/quality.ts';
import type { DeviceStatus } from '../../core/status.ts';
import type { TagDefinition, TagTable } from '../../core/tag.ts';
import { unitSign } from '../../core/unit-sign.ts';
import { inColumns } from '../reporting.ts';

/** Lines that are no tags: heading, devices, the line that says what does not fit. */
const spareLines = 3;

/** The table of a terminal: every tag with value, unit, quality and age; never more lines than the terminal has. */
export function screenOf(
  tags: TagTable,
  live: LiveTable,
  shown: readonly number[],
  devices: readonly DeviceStatus[],
  { nowMs, rows }: { readonly nowMs: number; readonly rows: number },
): string[] {
  const troubled = devices
    .filter(({ state }) => state !== 'online')
    .map(({ id, state, lastError }) => `${id}: ${state}${lastError ? ` – ${lastError}` : ''}`);
  const room = Math.max(1, rows - spareLines - troubled.length);
  const body = shown.slice(0, room).map((tag) => rowOf(tags, live, tag, nowMs));
  const table = inColumns([['tag', 'value', 'unit', 'quality', 'age', ''], ...body], [1, 4]);
  const hidden = shown.length - body.length;
  return [...troubled, ...table, ...(hidden > 0 ? [`… and ${hidden} more; name tags or a device to see fewer`] : [])];
}

function rowOf(tags: TagTable, live: LiveTable, tag: number, nowMs: number): string[] {
  const { name, unit, description } = tags.at(tag);
  const quality = live.quality[tag] as number;
  const time = live.times[tag] as number;
  const text = textOf(tags.at(tag), live, tag);
  return [name, text, unitSign(unit), qualityName(quality), time === 0 ? 'never' : ageOf(nowMs - time), description];
}

function textOf({ states, shows }: TagDefinition, live: LiveTable, tag: number): string {
  const value = live.values[tag] as number;
  if (isBad(live.quality[tag] as number) || Number.isNaN(value)) return '–';
  if (shows === 'text') return JSON.stringify(live.textOf(tag) ?? '');
  if (shows === 'time') return new Date(value).toISOString();
  return states?.[String(value)] ?? String(Number(value.toPrecision(7)));
}

/** `0.4 s`, `75 s`, `12 min`: a clock ahead of ours is no age below zero. */
function ageOf(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
