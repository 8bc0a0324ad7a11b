import type { DeviceDefinition, DeviceNotice, Driver, DriverHost, DriverSession } from '../../drivers/api.ts';
import type { SampleBatch } from '../core/batch.ts';
import type { DeviceStatus } from '../core/status.ts';
import { acquisitionErrors } from './errors.ts';
import { DeviceSupervisor } from './supervisor.ts';

/** What acquisition is made with. */
export interface AcquisitionOptions {
  readonly devices: readonly { readonly driver: string; readonly definition: DeviceDefinition }[];
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
  /** Resolves when every session is closed. May be called twice. */
  stop(): Promise<void>;
  /** The open link of a device, for commands; undefined while there is none. */
  session(device: string): DriverSession | undefined;
  /** In the order of the configuration. */
  status(): DeviceStatus[];
}

/** One supervisor per device. Throws `LL-ACQUISITION-UNKNOWN` for a driver that was not handed in. */
export function createAcquisition(options: AcquisitionOptions): Acquisition {
  const supervisors = options.devices.map(({ driver, definition }) => {
    const found = options.drivers.find((candidate) => candidate.name === driver);
    if (!found) {
      const known = options.drivers.map((candidate) => candidate.name).join(', ');
      throw acquisitionErrors.create('UNKNOWN', `driver "${driver}" of ${definition.id} is none of: ${known}`);
    }
    const events = {
      batch: options.onBatch,
      changed: options.onDeviceChange,
      notice: (notice: DeviceNotice) => options.onDeviceNotice?.(definition.id, notice),
    };
    return new DeviceSupervisor(definition, found, options.host, events);
  });
  return {
    start: () => {
      for (const supervisor of supervisors) supervisor.start();
    },
    stop: async () => {
      await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
    },
    session: (device) =>
      supervisors[options.devices.findIndex(({ definition }) => definition.id === device)]?.openSession(),
    status: () => supervisors.map((supervisor) => supervisor.status()),
  };
}
