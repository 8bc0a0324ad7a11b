import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { sitePlaces } from '../../../models/training/place/site-places.ts';
import type { ConfiguredNetwork } from '../../config/networks.ts';
import { LifelineError } from '../../core/errors.ts';
import { codedText } from '../coded-text.ts';
import type { PlacingNews, PlacingWork } from './work.ts';

const tell = (news: PlacingNews) => parentPort?.postMessage(news);

/** What leaks would change at the gauges of every network, one network after another. */
async function place({ networks }: PlacingWork): Promise<void> {
  const placed = [];
  for (const [index, network] of networks.entries()) {
    placed.push(await placeOne(network, (share) => tell({ share: (index + share) / networks.length })));
  }
  tell({ placed });
}

async function placeOne(network: ConfiguredNetwork, onProgress: (share: number) => void) {
  const bytes = await readFile(network.file);
  const matrix = await sitePlaces(network, bytes, onProgress);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, matrix: { ...matrix, network: basename(network.file) } };
}

try {
  await place(workerData as PlacingWork);
} catch (error) {
  if (!(error instanceof LifelineError)) throw error;
  tell({ failed: codedText(error) });
}
