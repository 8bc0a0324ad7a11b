import type { ConfigurationProblem, ConfigurationView } from './configuration-api.ts';

/** Drivers that a first device may have. */
export const firstDrivers = ['modbus', 'opcua'] as const;

/** Where a device is to be found. */
export interface DevicePlace {
  readonly driver: (typeof firstDrivers)[number];
  /** `tcp://host:port` or `opc.tcp://host:port`. */
  readonly endpoint: string;
  /** Unit id of a Modbus device. */
  readonly unit: number;
}

/** What a gateway is to begin with. */
export interface FirstConfiguration {
  readonly gateway: { readonly id: string; readonly name: string };
  readonly device: DevicePlace & { readonly id: string };
  /** The point table of the device, its header first. */
  readonly cells: readonly (readonly string[])[];
  /** Address of an MQTT broker upstream; empty for none yet. */
  readonly broker: string;
}

/** A device that answered. */
export interface DeviceSighting {
  /** What it says of itself; empty where it says nothing. */
  readonly identity: string;
  /** Its points as rows of a point table, header first; empty where the protocol cannot tell them. */
  readonly cells: readonly (readonly string[])[];
}

/** What is done before there is a configuration. */
export interface ConsoleFirstStart {
  /** Columns that a point table may have. */
  readonly columns: ConfigurationView['columns'];
  /** Asks the device whether it is there; only reads. Rejects with LL-CONSOLE-NO-DEVICE. */
  look(place: DevicePlace): Promise<DeviceSighting>;
  /** Writes the configuration, where it has no mistake. */
  write(wish: FirstConfiguration): Promise<readonly ConfigurationProblem[]>;
  /** Has the gateway start with what was written: whoever wrote it has been told. */
  begin(): void;
}
