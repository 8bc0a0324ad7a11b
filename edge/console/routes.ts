import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { WireFrame } from '../core/diagnostics.ts';
import type { ConsoleSource } from './api.ts';
import { consoleErrors } from './errors.ts';
import type { PageFile } from './page-files.ts';
import type { RoutePolicy } from './policy.ts';
import type { AlarmTimesView, DevicesView, FrameView, HistoryView, InspectionView } from './wire.ts';

/** An HTTP route: its policy stands beside its path, and the server refuses to start with one that has none. */
export interface ConsoleRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly policy: RoutePolicy;
  /** Answers with a body, or sends through `reply`; throws coded errors. */
  answer(request: FastifyRequest, reply: FastifyReply): unknown;
}

const maxHistoryPoints = 5_000;
/** Times of alarms that a chart can still show apart. */
const maxAlarmTimes = 200;

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
