import { z } from 'zod';
import type { WireFrame } from '../core/diagnostics.ts';
import { both } from '../core/text.ts';
import type { ConsoleSource } from './api.ts';
import { consoleErrors } from './errors.ts';
import type { PageFile } from './page-files.ts';
import { type ConsoleRoute, route } from './route.ts';
import type { AlarmTimesView, DevicesView, FrameView, HistoryView, InspectionView } from './wire.ts';

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

/** Devices and sinks as pages see them. */
export const devicesView = (source: ConsoleSource): DevicesView => ({
  devices: source.devices(),
  sinks: source.sinks(),
});

function inspectionView(source: ConsoleSource, id: string): InspectionView {
  const inspection = source.inspect(id);
  if (!inspection)
    throw consoleErrors.create('NOT-FOUND', both(`look at device ${id}: no such device`, `查看设备 ${id}：没有此设备`));
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
    route({
      ...{ method: 'GET', path: '/api/model', policy: 'viewer' },
      summary: 'What the gateway is configured to: utilities, kinds, assets, tags',
      answer: () => source.description,
    }),
    route({
      ...{ method: 'GET', path: '/api/devices', policy: 'viewer' },
      summary: 'Devices and sinks with their state and figures',
      answer: () => devicesView(source),
    }),
    route({
      ...{ method: 'GET', path: '/api/device', policy: 'viewer', query: deviceQuery },
      summary: 'One device with its wire, its requests and its last frames',
      answer: ({ query }) => inspectionView(source, query.id),
    }),
    route({
      ...{ method: 'GET', path: '/api/history', policy: 'viewer', query: historyQuery },
      summary: 'History of a tag between two times in ms since epoch, thinned to a number of points',
      async answer({ query: { tag, from, to, points } }): Promise<HistoryView> {
        if (!source.description.tags.some(({ name }) => name === tag))
          throw consoleErrors.create(
            'NOT-FOUND',
            both(`read history of ${tag}: no such tag`, `读取 ${tag} 的历史：没有此测点`),
          );
        const series = await source.history(tag, from, to, points);
        return { times: [...series.times], values: [...series.values], quality: [...series.quality] };
      },
    }),
    route({
      ...{ method: 'GET', path: '/api/alarm-times', policy: 'viewer', query: alarmTimesQuery },
      summary: 'When alarms of some assets were raised between two times',
      answer: ({ query: { assets, from, to } }): AlarmTimesView => ({
        times: source.alarmTimes(new Set(assets.split(',')), from, to, maxAlarmTimes),
      }),
    }),
  ];
}

/** One exact route for each file of the page; the page itself holds nothing that only some may see. */
export function pageRoutes(files: readonly PageFile[]): readonly ConsoleRoute[] {
  return files.map((file) => ({
    method: 'GET',
    path: file.path,
    policy: 'open',
    answer({ request, reply }) {
      reply.header('etag', file.etag).header('vary', 'accept-encoding');
      reply.header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
      if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
      reply.type(file.type);
      if (!String(request.headers['accept-encoding'] ?? '').includes('gzip')) return reply.send(file.body);
      return reply.header('content-encoding', 'gzip').send(file.gzip);
    },
  }));
}
