import type { LifelineError } from '../../core/errors.ts';
import type { Place } from '../../core/finding.ts';
import type { DetectorContext } from '../detector.ts';
import { detectionErrors } from '../errors.ts';
import { bindGauge, GaugeLog } from './gauge-log.ts';
import { locate } from './locate.ts';
import type { PlaceMatrix } from './matrix.ts';
import { Signatures } from './signature.ts';

/** What of a context is needed here. */
type PlaceContext = Pick<DetectorContext, 'assets' | 'tags' | 'live' | 'trust' | 'calibration' | 'notice'>;

/** A network that is watched through all its gauges. */
interface WatchedNetwork {
  readonly assets: ReadonlySet<string>;
  readonly signatures: Signatures;
  readonly log: GaugeLog;
}

/** Follows the gauges of the networks of some assets that the calibration has a matrix of, to say where they leak when they do. */
export class NetworkPlaces {
  private readonly context: PlaceContext;
  private readonly networks: readonly WatchedNetwork[];

  /**
   * A matrix that does not fit the configuration is refused with a notice; the others are used.
   * @param assets whose leaks are to be placed
   * @param afterScans so many of the last scans are what it shows now
   */
  constructor(context: PlaceContext, assets: ReadonlySet<string>, afterScans: number) {
    this.context = context;
    const wanted = (context.calibration?.places ?? []).filter(({ sensors }) =>
      sensors.some(({ asset }) => assets.has(asset)),
    );
    this.networks = wanted.flatMap((matrix) => {
      const bound = bindNetwork(context, matrix, afterScans);
      if ('log' in bound) return [bound];
      context.notice(bound);
      return [];
    });
  }

  tick(monotonicMs: number): void {
    const { live, trust } = this.context;
    const read = (tag: number) => (trust.usable(tag) ? (live.values[tag] ?? Number.NaN) : Number.NaN);
    for (const { log } of this.networks) log.take(monotonicMs, read);
  }

  /** Where the network of an asset leaks, as of the last scan; undefined without a matrix, or before it has seen enough. */
  locate(asset: string): readonly Place[] | undefined {
    return this.leak(asset)?.();
  }

  /**
   * A leak that began of late in the network of an asset: where it is, as of the scan at which that is asked, against what
   * was before it. Undefined as `locate` is.
   */
  leak(asset: string): (() => readonly Place[]) | undefined {
    const network = this.networks.find(({ assets }) => assets.has(asset));
    const before = network?.log.before();
    return network && before && (() => locate(network.signatures, network.log.shown(before)));
  }
}

function bindNetwork(
  { assets, tags, calibration }: PlaceContext,
  matrix: PlaceMatrix,
  afterScans: number,
): WatchedNetwork | LifelineError {
  const noiseOf = (tag: string) => (calibration?.tags[tag]?.differenceScale ?? Number.NaN) / Math.SQRT2;
  const gauges = matrix.sensors.map((sensor) => bindGauge(sensor, assets, tags, noiseOf));
  const known = gauges.filter((gauge) => gauge !== undefined);
  const refused = (why: string, cause?: unknown) =>
    detectionErrors.create('PLACE', `use the place matrix of ${matrix.network}: ${why}`, cause);
  if (known.length < gauges.length) {
    const missing = matrix.sensors.filter((_, index) => gauges[index] === undefined);
    const roles = missing.slice(0, 3).map(({ asset, role }) => `${asset}/${role}`);
    return refused(`${missing.length} of its ${gauges.length} gauges have no tag here: ${roles.join(', ')}`);
  }
  try {
    const signatures = new Signatures(matrix);
    return {
      assets: new Set(matrix.sensors.map(({ asset }) => asset)),
      signatures,
      log: new GaugeLog(known, afterScans),
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refused(error.message, error);
  }
}
