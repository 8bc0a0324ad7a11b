import type { KeyObject } from 'node:crypto';
import type { CalculatedPoint } from '../calculation/bound.ts';
import type { Asset } from '../core/asset.ts';
import type { Pack } from '../core/pack.ts';
import type { TagTable } from '../core/tag.ts';
import type { AlarmCorrection } from './alarm-correction.ts';
import type { ConfiguredDevice } from './devices.ts';
import type { ConfiguredNetwork } from './networks.ts';
import type { GatewayConfig } from './spec.ts';

/** A configuration with everything it names read, bound and checked. */
export interface LoadedGateway {
  readonly config: GatewayConfig;
  /** Folder of `gateway.yaml`; relative paths start here. */
  readonly folder: string;
  readonly tags: TagTable;
  readonly devices: readonly ConfiguredDevice[];
  readonly calculated: readonly CalculatedPoint[];
  readonly assets: readonly Asset[];
  readonly packs: ReadonlyMap<string, Pack>;
  /** What a review of alarms has changed, by `<asset, type or *>/<kind>`. */
  readonly corrections: ReadonlyMap<string, AlarmCorrection>;
  /** Hydraulic models of what is watched. */
  readonly networks: readonly ConfiguredNetwork[];
  /** Folder with packs and models. */
  readonly modelsFolder: string;
  /** Public keys by which learned models must be signed. */
  readonly trustedKeys: readonly KeyObject[];
}
