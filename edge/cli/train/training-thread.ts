import { parentPort, workerData } from 'node:worker_threads';
import type { AssetHistory, Refusal, Training } from '../../../models/training/asset-history.ts';
import { modelCard } from '../../../models/training/model-card.ts';
import { trainAsset } from '../../../models/training/site-model.ts';
import { trainKind } from '../../../models/training/train-kind.ts';
import type { LoadedGateway } from '../../config/load.ts';
import { loadGateway } from '../../config/load.ts';
import type { Asset } from '../../core/asset.ts';
import { LifelineError } from '../../core/errors.ts';
import { packAssetOf } from '../../core/pack.ts';
import { manifestText } from '../../detection/learned/site-manifest.ts';
import { type CodedText, codedText } from '../coded-text.ts';
import { pastErrors } from '../past/errors.ts';
import { type Past, readPast } from '../past/source.ts';
import { loadContext } from '../product.ts';
import type { TrainedAsset, TrainingNews, TrainingWork } from './work.ts';

const tell = (news: TrainingNews) => parentPort?.postMessage(news);

/** Trains one asset or kind after the other: all of the work is here, so that whoever waits can break it off. */
async function train({ past: wish, model, assets, versions }: TrainingWork): Promise<void> {
  const { gateway } = await loadGateway(wish.config, loadContext);
  if (!gateway) throw new Error(`${wish.config} has mistakes`);
  const past = await readPast(gateway, wish, (share) => tell({ share: share / 2, doing: 'reading history' }));
  const wanted = gateway.assets.filter(({ id }) => assets.length === 0 || assets.includes(id));
  const histories = wanted.map((asset) => historyOf(gateway, asset, past, versions[asset.id] ?? 1, wish.seed));
  const progress = (done: number, doing: string) => tell({ share: 0.5 + done / histories.length / 2, doing });
  const trained = model === 'linear' ? trainEach(histories, progress) : trainKinds(histories, progress);
  const { source, grid, notes } = past;
  tell({ assets: trained, source, steps: grid.steps, notes });
}

type Progress = (done: number, doing: string) => void;

function trainEach(histories: readonly AssetHistory[], progress: Progress): readonly TrainedAsset[] {
  return histories.map((history, done) => {
    progress(done, `training ${history.asset}`);
    return plain(history, trainAsset(history));
  });
}

function trainKinds(histories: readonly AssetHistory[], progress: Progress): readonly TrainedAsset[] {
  let done = 0;
  const kinds = Map.groupBy(histories, ({ assetType }) => assetType);
  return [...kinds].flatMap(([assetType, alike]) => {
    const told = (share: number) => progress(done + share * alike.length, `training ${assetType}`);
    told(0);
    const trained = trainKind(alike, told);
    done += alike.length;
    return trained.map((training, at) => plain(alike[at] as AssetHistory, training));
  });
}

function historyOf(gateway: LoadedGateway, asset: Asset, past: Past, version: number, seed: number): AssetHistory {
  const { grid, source, utcOffsetMinutes } = past;
  const known = Object.keys(packAssetOf(gateway.packs, asset.type)?.roles ?? {});
  const order = (role: string) => (known.includes(role) ? known.indexOf(role) : known.length);
  const roles = Object.entries(asset.roles)
    .map(([role, tag]) => ({
      role,
      unit: gateway.tags.at(tag).unit,
      column: grid.names.indexOf(gateway.tags.at(tag).name),
    }))
    .filter(({ column }) => column >= 0)
    .sort((a, b) => order(a.role) - order(b.role));
  return { asset: asset.id, assetType: asset.type, roles, grid, utcOffsetMinutes, source, version, seed };
}

/** What passes between threads. */
function plain({ asset, version }: AssetHistory, training: Training): TrainedAsset {
  if ('refused' in training) return { asset, error: refusalOf(asset, training), leftOut: training.leftOut };
  const { onnx, manifest, leftOut } = training;
  const text = (content: string) => new TextEncoder().encode(content);
  return {
    ...{ asset, version, leftOut, limit: manifest.limit.value, heldOut: manifest.heldOut },
    inputs: manifest.contributors,
    files: {
      'model.onnx': onnx,
      'manifest.json': text(manifestText(manifest)),
      'card.md': text(modelCard(manifest, leftOut)),
    },
  };
}

const refusals = {
  inputs: (asset: string, found: number) => pastErrors.create('INPUTS', `train ${asset}: usable signals: ${found}`),
  rows: (asset: string, found: number) => pastErrors.create('ROWS', `train ${asset}: whole rows to fit: ${found}`),
  blind: (asset: string, found: number) =>
    pastErrors.create('BLIND', `train ${asset}: its limit would be ${found.toPrecision(2)} times the usual`),
} as const;

function refusalOf(
  asset: string,
  { refused, found }: { readonly refused: Refusal; readonly found: number },
): CodedText {
  return codedText(refusals[refused](asset, found));
}

try {
  await train(workerData as TrainingWork);
} catch (error) {
  if (!(error instanceof LifelineError)) throw error;
  tell({ failed: codedText(error) });
}
