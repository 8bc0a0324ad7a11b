import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { WireFrame } from '../core/diagnostics.ts';
import { verdicts } from '../core/verdict.ts';
import type { ConsoleSource } from './api.ts';
import { consoleErrors } from './errors.ts';
import type { PageFile } from './page-files.ts';
import type { RoutePolicy } from './policy.ts';
import {
  type AlarmsView,
  type AlarmTimesView,
  compareAlarms,
  type DevicesView,
  type FrameView,
  type HistoryView,
  type InspectionView,
  type VerdictsView,
} from './wire.ts';

/** An HTTP route: its policy stands beside its path, and the server refuses to start with one that has none. */
export interface ConsoleRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly policy: RoutePolicy;
  /** Answers with a body, or sends through `reply`; throws coded errors. */
  answer(request: FastifyRequest, reply: FastifyReply): unknown;
}

/** Alarms sent to a page at once; the most urgent come first and the total is always true. */
const maxAlarmsShown = 500;
const maxHistoryPoints = 5_000;
/** Times of alarms that a chart can still show apart. */
const maxAlarmTimes = 200;
/** Alarms, those that are over included, that stand beside the report on verdicts. */
const maxRecentAlarms = 100;

const historyQuery = z.strictObject({
  tag: z.string().min(1).max(200),
  from: z.coerce.number().nonnegative(),
  to: z.coerce.number().positive(),
  points: z.coerce.number().int().min(2).max(maxHistoryPoints).default(1_000),
});

const alarmTimesQuery = z.strictObject({
  /** Ids joined by commas. */
  assets: z.string().min(1).max(2_000),
  from: z.coerce.number().nonnegative(),
  to: z.coerce.number().positive(),
});

const deviceQuery = z.strictObject({ id: z.string().min(1).max(200) });

/** Text of one line without control characters. */
export const printable = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .regex(/^[^\p{Cc}]*$/u);

/** The alarm's id stands in the body: it contains a slash, and a path that is decoded twice is a hole. */
const acknowledgement = z.strictObject({ alarm: z.string().min(3).max(200), by: printable(64).min(1) });

const judgement = z.strictObject({
  ...acknowledgement.shape,
  verdict: z.enum(verdicts),
  note: printable(500).default(''),
  raisedAt: z.number().optional(),
});

/** The alarm list as pages see it. */
export function alarmsView(source: ConsoleSource): AlarmsView {
  const alarms = [...source.alarms()].sort(compareAlarms);
  return { total: alarms.length, alarms: alarms.slice(0, maxAlarmsShown) };
}

function verdictsView(source: ConsoleSource): VerdictsView {
  return { ...source.verdicts(), recent: source.recentAlarms(maxRecentAlarms) };
}

/** Devices and sinks as pages see them. */
export const devicesView = (source: ConsoleSource): DevicesView => ({
  devices: source.devices(),
  sinks: source.sinks(),
});

function inspectionView(source: ConsoleSource, id: string): InspectionView {
  const inspection = source.inspect(id);
  if (!inspection) throw consoleErrors.create('NOT-FOUND', `look at device ${id}: no such device`);
  return { ...inspection, frames: inspection.frames.map(frameView) };
}

const frameView = ({ bytes, describe, ...frame }: WireFrame): FrameView => ({
  ...frame,
  hex: Buffer.from(bytes).toString('hex'),
  text: describe(),
});

/** The routes over a source. */
export function apiRoutes(source: ConsoleSource): readonly ConsoleRoute[] {
  return [
    { method: 'GET', path: '/api/model', policy: 'read', answer: () => source.description },
    { method: 'GET', path: '/api/alarms', policy: 'read', answer: () => alarmsView(source) },
    { method: 'GET', path: '/api/devices', policy: 'read', answer: () => devicesView(source) },
    {
      method: 'GET',
      path: '/api/device',
      policy: 'read',
      answer: (request) => inspectionView(source, deviceQuery.parse(request.query).id),
    },
    {
      method: 'GET',
      path: '/api/history',
      policy: 'read',
      async answer(request): Promise<HistoryView> {
        const { tag, from, to, points } = historyQuery.parse(request.query);
        if (!source.description.tags.some(({ name }) => name === tag))
          throw consoleErrors.create('NOT-FOUND', `read history of ${tag}: no such tag`);
        const series = await source.history(tag, from, to, points);
        return { times: [...series.times], values: [...series.values], quality: [...series.quality] };
      },
    },
    {
      method: 'GET',
      path: '/api/alarm-times',
      policy: 'read',
      answer(request): AlarmTimesView {
        const { assets, from, to } = alarmTimesQuery.parse(request.query);
        return { times: source.alarmTimes(new Set(assets.split(',')), from, to, maxAlarmTimes) };
      },
    },
    {
      method: 'POST',
      path: '/api/acknowledge',
      policy: 'act',
      async answer(request) {
        const { alarm, by } = acknowledgement.parse(request.body);
        const result = await source.acknowledge(alarm, by);
        if (result === 'unknown') throw consoleErrors.create('NOT-FOUND', `acknowledge ${alarm}: no such alarm`);
        return { result };
      },
    },
    { method: 'GET', path: '/api/verdicts', policy: 'read', answer: () => verdictsView(source) },
    {
      method: 'POST',
      path: '/api/verdict',
      policy: 'act',
      async answer(request) {
        const { alarm, raisedAt, ...given } = judgement.parse(request.body);
        const result = await source.judge(alarm, given, raisedAt);
        if (result === 'unknown') throw consoleErrors.create('NOT-FOUND', `judge ${alarm}: no such alarm`);
        return { result };
      },
    },
  ];
}

/** One exact route for each file of the page. */
export function pageRoutes(files: readonly PageFile[]): readonly ConsoleRoute[] {
  return files.map((file) => ({
    method: 'GET',
    path: file.path,
    policy: 'read',
    answer(request, reply) {
      reply.header('etag', file.etag).header('vary', 'accept-encoding');
      reply.header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
      if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
      reply.type(file.type);
      if (!String(request.headers['accept-encoding'] ?? '').includes('gzip')) return reply.send(file.body);
      return reply.header('content-encoding', 'gzip').send(file.gzip);
    },
  }));
}
