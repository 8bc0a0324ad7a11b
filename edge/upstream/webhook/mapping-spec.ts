import { z } from 'zod';
import { expecting } from '../../core/spec-text.ts';
import { callBackSpec } from './call-back-spec.ts';
import { caseFields } from './case-fields.ts';

const timeZone = z.string().refine(
  (zone) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone });
      return true;
    } catch {
      return false;
    }
  },
  expecting('not a time zone of the IANA database, e.g. Asia/Shanghai', '不是 IANA 时区，例如 Asia/Shanghai'),
);

const code = z.string().min(1).max(64);
const named = z.strictObject({ code, name: z.string().min(1).max(200) });
const alarmKind = z
  .string()
  .regex(
    /^[a-z][a-z-]*(\.[a-z][a-z0-9-]*)?$/,
    expecting('expected "utility" or "utility.kind"', '应为“行业”或“行业.类型”'),
  );

/** A text in which fields stand in braces. */
const template = z
  .string()
  .max(2_000)
  .superRefine((text, context) => {
    for (const [, name = ''] of text.matchAll(/\{([^{}]*)\}/g)) {
      if ((caseFields as readonly string[]).includes(name)) continue;
      context.addIssue({ code: 'custom', message: `there is no field {${name}}; there are: ${caseFields.join(', ')}` });
    }
  });

/** Any JSON whose texts are templates. */
type Body = string | number | boolean | null | readonly Body[] | { readonly [key: string]: Body };
const body: z.ZodType<Body> = z.lazy(() =>
  z.unknown().transform((value, context) => {
    const schema: z.ZodType = Array.isArray(value)
      ? z.array(body)
      : typeof value === 'object' && value !== null
        ? z.record(z.string(), body)
        : typeof value === 'string'
          ? template
          : z.union([z.number(), z.boolean(), z.null()]);
    const result = schema.safeParse(value);
    if (result.success) return result.data as Body;
    for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path: [...path], message });
    return z.NEVER;
  }),
);

const fourParameters = z.strictObject({
  centralMeridian: z.number().min(72).max(138),
  eastM: z.number(),
  northM: z.number(),
  rotationSeconds: z.number().min(-648_000).max(648_000),
  scalePpm: z.number().min(-10_000).max(10_000),
});

const location = z
  .strictObject({
    system: z.enum(['wgs84', 'cgcs2000', 'city-grid']).default('cgcs2000'),
    fourParameters: fourParameters.optional(),
  })
  .refine(({ system, fourParameters: given }) => (system === 'city-grid') === (given !== undefined), {
    error: expecting(
      'city-grid needs fourParameters, and only it has them',
      '城市坐标系须给出 fourParameters，其他坐标系不可有',
    ),
    path: ['system'],
  });

/** How events become cases of a city's platform; a file of its own, `mapping` of the webhook names it. */
export const mappingSpec = z.strictObject({
  mapping: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, expecting('expected lower-case words joined by "-"', '应为以“-”连接的小写单词')),
  version: z.int().min(1),
  timeZone: timeZone.default('Asia/Shanghai'),
  /** What the platform is told to do, by type of event. Other events are not sent. */
  actions: z.partialRecord(
    z.enum([
      ...(['alarm.raised', 'alarm.changed', 'alarm.acknowledged', 'alarm.cleared', 'alarm.judged'] as const),
      ...(['alarm.re-alarmed', 'alarm.escalated', 'alarm.shelved', 'alarm.unshelved', 'alarm.reset'] as const),
      ...(['incident.opened', 'incident.changed', 'incident.closed', 'incident.acknowledged'] as const),
      ...(['incident.dispatched', 'incident.closed-out', 'incident.reopened', 'incident.noted'] as const),
      ...(['incident.step-done', 'incident.step-undone'] as const),
    ]),
    code,
  ),
  /** Levels of which the platform is told; safety alarms always go. */
  riskLevels: z
    .array(z.enum(['I', 'II', 'III', 'IV']))
    .min(1)
    .default(['I', 'II', 'III', 'IV']),
  /** Whether alarms of values that somebody simulates, to test a loop, are sent as well. */
  tests: z.boolean().default(false),
  location: location.prefault({}),
  /** Class of GB/T 30428.2 by utility or utility.kind, where the alarm has none of its own. */
  classes: z.record(alarmKind, code).default({}),
  classNames: z.record(code, z.string().min(1).max(200)).default({}),
  risk: z.strictObject({ I: named, II: named, III: named, IV: named }),
  /** Responsible unit by utility or utility.kind; `other` for the rest. */
  units: z.record(alarmKind, named).default({}),
  /** Names of districts, streets and communities by the beginning of the grid code. */
  areas: z
    .record(
      z.string().regex(/^\d{6}(\d{3}){0,2}$/, expecting('expected 6, 9 or 12 digits', '应为 6、9 或 12 位数字')),
      z.string().min(1).max(200),
    )
    .default({}),
  reporter: z.strictObject({ name: z.string().min(1).max(200), phone: z.string().max(40).default('') }),
  /** Whom the platform hands a case over to at once, by utility.kind. */
  emergency: z.record(alarmKind, z.array(z.enum(['110', '119', '120', '122'])).min(1)).default({}),
  /** Where the platform says no in the body of a 2xx answer. */
  answer: z
    .strictObject({
      field: z.string().min(1).max(64),
      accepted: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
      again: z.array(z.union([z.string(), z.number(), z.boolean()])).default([]),
    })
    .optional(),
  /** How the platform reports back where the case stands. */
  callBack: callBackSpec.prefault({}),
  body,
});

export type Mapping = z.output<typeof mappingSpec>;
export type MappingBody = Body;
