import { isDeepStrictEqual } from 'node:util';
import type { DeviceDefinition, DeviceNotice, Driver, DriverHost, DriverSession } from '../../drivers/api.ts';
import type { SampleBatch } from '../core/batch.ts';
import type { DeviceDiagnostics, WireFrame } from '../core/diagnostics.ts';
import type { DeviceHealth, DeviceStatus } from '../core/status.ts';
import { both } from '../core/text.ts';
import { acquisitionErrors } from './errors.ts';
import { DeviceSupervisor } from './supervisor.ts';
import { WireLog } from './wire-log.ts';

/** A device and the name of the driver that reads it. */
export interface AcquiredDevice {
  readonly driver: string;
  readonly definition: DeviceDefinition;
}

/** Ids of devices that a change of the configuration touched. */
export interface DeviceChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** What acquisition is made with. */
export interface AcquisitionOptions {
  readonly devices: readonly AcquiredDevice[];
  readonly drivers: readonly Driver[];
  readonly host: DriverHost;
  /** Raw batches, device by device, in the order in which they came. */
  readonly onBatch: (batch: SampleBatch) => void;
  /** A device changed its state. */
  readonly onDeviceChange: (status: DeviceStatus) => void;
  /** A lasting condition of a device holds or is over; left out where only values matter. */
  readonly onDeviceNotice?: (device: string, notice: DeviceNotice) => void;
}

/** All devices of a gateway. */
export interface Acquisition {
  /** Begins to connect every device; never waits for one, never fails because of one. */
  start(): void;
  /**
   * Goes on with other devices. Those that are the same stay as they are, polls included; the rest are stopped, and once
   * none of them can speak any more `between` runs, then new ones begin to connect. Resolves with their ids.
   */
  replace(devices: readonly AcquiredDevice[], between: () => void): Promise<DeviceChanges>;
  /** Resolves when every session is closed. May be called twice. */
  stop(): Promise<void>;
  /** The open link of a device, for commands; undefined while there is none. */
  session(device: string): DriverSession | undefined;
  /** What goes over the wire of a device and what is asked of it; undefined for one that is not configured. */
  diagnostics(device: string): DeviceDiagnostics | undefined;
  /**
   * Calls the reader with every frame of a device from now on, attempts to connect included; returns what ends it.
   * Without effect for a device that is not configured, and for protocols that show no frames.
   */
  trace(device: string, reader: (frame: WireFrame) => void): () => void;
  /** Both in the order of the configuration; the percentiles of all polls in `status` cost more than `health`. */
  health(): DeviceHealth[];
  status(): DeviceStatus[];
}

/** One supervisor per device. Throws `LL-ACQUISITION-UNKNOWN` for a driver that was not handed in. */
export function createAcquisition(options: AcquisitionOptions): Acquisition {
  /** By device; they outlive changes of its configuration, and with them those who read its frames. */
  const wires = new Map<string, WireLog>();
  const supervise = (device: AcquiredDevice, place: number): Supervised => {
    const { driver, definition } = device;
    const found = options.drivers.find((candidate) => candidate.name === driver);
    if (!found) {
      const known = options.drivers.map((candidate) => candidate.name).join(', ');
      throw acquisitionErrors.create(
        'UNKNOWN',
        both(
          `driver "${driver}" of ${definition.id} is none of: ${known}`,
          `${definition.id} 的驱动“${driver}”不在其中：“${known}”`,
        ),
      );
    }
    const wire = wires.get(definition.id) ?? new WireLog(options.host.clock);
    wires.set(definition.id, wire);
    const events = {
      wire,
      batch: options.onBatch,
      changed: options.onDeviceChange,
      notice: (notice: DeviceNotice) => options.onDeviceNotice?.(definition.id, notice),
    };
    return { device, supervisor: new DeviceSupervisor(definition, found, options.host, place, events) };
  };
  let supervised = options.devices.map(supervise);
  const supervisorOf = (id: string) => supervised.find(({ device }) => device.definition.id === id)?.supervisor;
  return {
    start: () => {
      for (const { supervisor } of supervised) supervisor.start();
    },
    async replace(devices, between) {
      const before = new Map(supervised.map((known) => [known.device.definition.id, known]));
      const same = devices.map((device) => {
        const known = before.get(device.definition.id);
        return known && isDeepStrictEqual(known.device, device) ? known : undefined;
      });
      const kept = new Set(same);
      await Promise.all(supervised.filter((known) => !kept.has(known)).map(({ supervisor }) => supervisor.stop()));
      between();
      supervised = devices.map((device, index) => same[index] ?? supervise(device, index));
      for (const known of supervised) if (!kept.has(known)) known.supervisor.start();
      const after = devices.map(({ definition }) => definition.id);
      for (const id of wires.keys()) if (!after.includes(id)) wires.delete(id);
      return {
        added: after.filter((id) => !before.has(id)),
        changed: after.filter((id, index) => before.has(id) && !same[index]),
        removed: [...before.keys()].filter((id) => !after.includes(id)),
      };
    },
    stop: async () => {
      await Promise.all(supervised.map(({ supervisor }) => supervisor.stop()));
    },
    session: (device) => supervisorOf(device)?.openSession(),
    diagnostics(device) {
      const [wire, session] = [wires.get(device), supervisorOf(device)?.diagnostics()];
      return wire && session && { wire: wire.figures(), ...session };
    },
    trace: (device, reader) => wires.get(device)?.trace(reader) ?? (() => undefined),
    health: () => supervised.map(({ supervisor }) => supervisor.health()),
    status: () => supervised.map(({ supervisor }) => supervisor.status()),
  };
}

interface Supervised {
  readonly device: AcquiredDevice;
  readonly supervisor: DeviceSupervisor;
}
