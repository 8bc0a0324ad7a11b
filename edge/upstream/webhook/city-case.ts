import type { Event } from '../../core/event.ts';
import type { IncidentWork } from '../../core/incident-work.ts';
import type { Text } from '../../core/text.ts';
import { eventId } from '../cloudevents.ts';
import type { CaseValues } from './case-fields.ts';
import { cityGrid, type Degrees, wgs84ToGcj02 } from './coordinates.ts';
import type { Mapping, MappingBody } from './mapping-spec.ts';

/** What a mapping reads of the event of an alarm, or of an incident, which tells it in the words of its root. */
interface AlarmData {
  readonly asset: string;
  readonly kind: string;
  readonly riskLevel: keyof Mapping['risk'];
  readonly priority: string;
  readonly safety: boolean;
  readonly eventClass: string | null;
  readonly state: string;
  readonly message: Text;
  readonly cause: Text;
  readonly response: Text;
  readonly value: number | null;
  readonly limit: number | null;
  readonly unit: string;
  readonly grid: string;
  readonly location: Degrees | null;
  readonly raisedAt: number;
  readonly clearedAt: number | null;
  readonly incident: string | null;
  /** This and what follows: of an incident alone, and of what a person did about it. */
  readonly work?: IncidentWork;
  readonly by?: string;
  readonly to?: string;
  readonly note?: string;
  readonly step?: number;
}

/** Whom an event is about, beside what it says itself. */
export interface CaseSource {
  readonly gateway: string;
  assetName(asset: string): string;
}

/** Whether the platform is told of an event at all. */
export function isCase({ actions, riskLevels, tests }: Mapping, { type, data }: Event): boolean {
  if (!Object.hasOwn(actions, type) || (data['simulated'] === true && !tests)) return false;
  return data['safety'] === true || riskLevels.some((level) => level === data['riskLevel']);
}

/**
 * An event as the platform's case: the body of the mapping with its fields filled in. A text that is one field alone becomes that field's value, number or
 * null included; fields inside a longer text are written out.
 */
export function cityCase(mapping: Mapping, event: Event, source: CaseSource): MappingBody {
  return fill(mapping.body, caseValues(mapping, event, source));
}

/** Values of all fields, from an event of an alarm or an incident. */
export function caseValues(mapping: Mapping, event: Event, { gateway, assetName }: CaseSource): CaseValues {
  const data = event.data as unknown as AlarmData;
  const { asset, kind, grid, priority, safety, state, value, limit, unit, riskLevel } = data;
  const { utility, type } = event;
  const ofKind = <Found>(table: Readonly<Record<string, Found>>) => table[`${utility}.${kind}`] ?? table[utility];
  const classCode = data.eventClass ?? ofKind(mapping.classes) ?? null;
  const risk = mapping.risk[riskLevel];
  const unitInCharge = ofKind(mapping.units) ?? mapping.units['other'];
  const time = (ms: number | null) => (ms === null ? null : localTime(ms, mapping.timeZone));
  return {
    ...{ id: eventId(gateway, event), case: `${gateway}/${asset}/${kind}/${data.raisedAt}`, gateway, type },
    action: mapping.actions[type as keyof Mapping['actions']] ?? null,
    ...{ asset, assetName: assetName(asset), utility, kind, priority, safety, state, value, limit, unit, riskLevel },
    ...{ classCode, className: classCode === null ? null : (mapping.classNames[classCode] ?? null) },
    ...{ riskCode: risk.code, riskName: risk.name },
    ...{ message: data.message.zh, cause: data.cause.zh, response: data.response.zh },
    ...{ occurredAt: time(data.raisedAt), reportedAt: time(event.time), clearedAt: time(data.clearedAt) },
    ...workOf(data),
    ...areaOf(grid, mapping.areas),
    ...placeOf(data.location, mapping.location),
    ...{ responsibleCode: unitInCharge?.code ?? null, responsibleName: unitInCharge?.name ?? null },
    ...{ reporter: mapping.reporter.name, reporterPhone: mapping.reporter.phone },
    emergency: mapping.emergency[`${utility}.${kind}`] ?? [],
  };
}

/** Where people are with the incident, and what was done; steps count from 1, as people do. */
function workOf({ incident, work, by, to, note, step }: AlarmData) {
  const done = { by: by ?? null, crew: to ?? null, note: note ?? null, step: step === undefined ? null : step + 1 };
  return { incident, stage: work?.stage ?? null, ...done } satisfies Partial<CaseValues>;
}

type AreaFields = 'grid' | 'districtCode' | 'district' | 'streetCode' | 'street' | 'communityCode' | 'community';

/** A grid code begins with 6 digits of the district (GB/T 2260), 3 of the street office (GB/T 10114) and 3 of the community. */
function areaOf(grid: string, areas: Mapping['areas']): Pick<CaseValues, AreaFields> {
  const part = (length: number) => (/^\d+$/.test(grid) && grid.length >= length ? grid.slice(0, length) : null);
  const name = (code: string | null) => (code === null ? null : (areas[code] ?? null));
  const [districtCode, streetCode, communityCode] = [part(6), part(9), part(12)];
  return {
    ...{ grid: grid === '' ? null : grid, districtCode, streetCode, communityCode },
    ...{ district: name(districtCode), street: name(streetCode), community: name(communityCode) },
  };
}

type PlaceFields = 'x' | 'y' | 'coordinates' | 'mapLongitude' | 'mapLatitude';

/** Degrees to 8 decimals are about 1 mm, as are metres to 3. */
function placeOf(
  place: Degrees | null,
  { system, fourParameters }: Mapping['location'],
): Pick<CaseValues, PlaceFields> {
  if (place === null) return { x: null, y: null, coordinates: null, mapLongitude: null, mapLatitude: null };
  const rounded = (value: number, decimals: number) => Number(value.toFixed(decimals));
  const plane = fourParameters && cityGrid(place, fourParameters);
  const [mapLongitude, mapLatitude] = wgs84ToGcj02(place);
  return {
    x: plane ? rounded(plane.eastM, 3) : rounded(place[0], 8),
    y: plane ? rounded(plane.northM, 3) : rounded(place[1], 8),
    ...{ coordinates: system, mapLongitude: rounded(mapLongitude, 8), mapLatitude: rounded(mapLatitude, 8) },
  };
}

/** `2026-01-15 16:30:00`, the civil time of a zone. */
function localTime(ms: number, timeZone: string): string {
  const form = { dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23', timeZone } as const;
  return new Intl.DateTimeFormat('sv-SE', form).format(ms);
}

function fill(body: MappingBody, values: CaseValues): MappingBody {
  if (typeof body === 'string') return fillText(body, values);
  if (Array.isArray(body)) return body.map((part) => fill(part, values));
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([key, part]) => [key, fill(part, values)]));
}

function fillText(text: string, values: CaseValues): MappingBody {
  const alone = /^\{([^{}]*)\}$/.exec(text)?.[1];
  if (alone !== undefined) return values[alone as keyof CaseValues];
  return text.replace(/\{([^{}]*)\}/g, (_, name: keyof CaseValues) => written(values[name]));
}

const written = (value: CaseValues[keyof CaseValues]): string =>
  value === null ? '' : Array.isArray(value) ? value.join(',') : String(value);
