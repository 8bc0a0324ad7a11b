import { type ConsoleRoute, route } from './route.ts';
import type { TruthView } from './wire.ts';

/** What a simulated city says of itself: lines of JSON, as `lifeline sim --truth` writes them. */
export type ReadTruth = () => Promise<string>;

/** The route of what truly happened, which only a simulated city can tell. */
export function truthRoutes(read: ReadTruth | undefined): readonly ConsoleRoute[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/truth', policy: 'viewer' },
      summary: 'What truly happened in a simulated city, as lines of JSON; null for a real one',
      answer: async (): Promise<TruthView> => ({ lines: (await read?.()) ?? null }),
    }),
  ];
}
