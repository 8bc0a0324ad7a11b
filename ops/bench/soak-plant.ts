import type { DevicePoint } from '../../drivers/api.ts';
import type { AcquiredDevice } from '../../edge/acquisition/acquisition.ts';
import type { PlcScan } from '../../simulator/plc/scan.ts';
import { simulatedScan } from './simulated-plc.ts';
import { contentOf } from './soak-register.ts';

/** Every fourth link has two devices behind it, which then take turns and are hurried. */
const unitsOfLinks = Array.from({ length: 20 }, (_, link) => (link % 4 === 3 ? 2 : 1));
const pointsPerUnit = 120;
const pointsPerBlock = 12;
/** Wider than what a simulated PLC answers between its points: reads that reach across it are refused. */
const registersBetweenBlocks = 12;
const width = 2;

/** A PLC by its number among all, its link and its unit id. */
interface Station {
  readonly device: number;
  readonly link: number;
  readonly unit: number;
}

const stations: readonly Station[] = unitsOfLinks
  .flatMap((units, link) => Array.from({ length: units }, (_, index) => ({ link, unit: index + 1 })))
  .map((place, device) => ({ device, ...place }));

/** How the soak's devices are read; half of the links have several requests under way, every third asks in small pieces. */
export interface SoakReading {
  readonly periodMs: number;
  readonly timeoutMs: number;
}

/** The number of a place, which is its tag too. */
const placeOf = (device: number, index: number) => device * pointsPerUnit + index;
const addressAt = (index: number) => index * width + Math.floor(index / pointsPerBlock) * registersBetweenBlocks;
/** The last point of every second block is only in the table of whoever wrote it. */
const isAbsent = (index: number) => index % (2 * pointsPerBlock) === 2 * pointsPerBlock - 1;

/** Tags of points that no PLC of the soak has. */
export const absentPlaces: ReadonlySet<number> = new Set(
  Array.from({ length: stations.length * pointsPerUnit }, (_, place) => place).filter((place) =>
    isAbsent(place % pointsPerUnit),
  ),
);

/** What the PLCs of every link hold at `nowMs()`, ms since epoch; unit ids from 1. */
export function soakScans(nowMs: () => number): readonly (readonly PlcScan[])[] {
  const present = Array.from({ length: pointsPerUnit }, (_, index) => index).filter((index) => !isAbsent(index));
  const scanOf = ({ device, unit }: Station) =>
    simulatedScan(present.length, {
      ...{ type: 'uint32', width, unit },
      addressAt: (nth) => addressAt(present[nth] as number),
      valueAt: (nth) => contentOf(placeOf(device, present[nth] as number), nowMs()),
    });
  return unitsOfLinks.map((_, own) => stations.filter(({ link }) => link === own).map(scanOf));
}

/** The devices that a gateway would be configured with for PLCs on these ports. */
export function soakDevices(ports: readonly number[], { periodMs, timeoutMs }: SoakReading): AcquiredDevice[] {
  return stations.map(({ device, link, unit }) => {
    const options = { unit, timeoutMs, maxInFlight: link % 2 ? 4 : 1, maxRegisters: link % 3 ? 24 : 125 };
    const points = Array.from({ length: pointsPerUnit }, (_, index) => pointAt(device, index, periodMs));
    const endpoint = `tcp://127.0.0.1:${ports[link]}`;
    return { driver: 'modbus', definition: { id: `plc-${device}`, endpoint, options, points } };
  });
}

function pointAt(device: number, index: number, periodMs: number): DevicePoint {
  return {
    ...{ tag: placeOf(device, index), name: `plc-${device}/r${index}`, address: addressAt(index), periodMs },
    ...{ table: 'holding', type: 'uint32', order: 'abcd', bit: undefined, node: '' },
  };
}
