import type { ConfigurationProblem, ConfigurationView, ConsoleConfiguration } from './configuration-api.ts';

/** Drivers that a first device may have. */
export const firstDrivers = ['modbus', 'opcua'] as const;

/** Where a device is to be found. */
export interface DevicePlace {
  readonly driver: (typeof firstDrivers)[number];
  /** `tcp://host:port` or `opc.tcp://host:port`. */
  readonly endpoint: string;
  /** Unit id of a Modbus device. */
  readonly unit: number;
  /** How an OPC UA server is reached; the safest way that is usual when left out. */
  readonly security?: Pick<ServerOffer, 'policy' | 'mode'> | undefined;
  /** Who to be on an OPC UA server; nobody when empty. */
  readonly user: string;
  readonly password: string;
}

/** One way to reach an OPC UA server. */
export interface ServerOffer {
  readonly policy: string;
  readonly mode: string;
  /** Ways to say who one is: Anonymous, UserName, Certificate. */
  readonly users: readonly string[];
  /** What the server shows; times in ISO 8601, the thumbprint as OPC UA has it: SHA-1. */
  readonly certificate: {
    readonly thumbprint: string;
    readonly subject: string;
    readonly validFrom: string;
    readonly validTo: string;
  } | null;
  /** Whether somebody has trusted that certificate. */
  readonly trusted: boolean;
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
  readonly readTable: ConsoleConfiguration['readTable'];
  /** How an OPC UA server may be reached, the safest way first. Rejects with LL-CONSOLE-NO-DEVICE. */
  offers(endpoint: string): Promise<readonly ServerOffer[]>;
  /** Trusts a certificate that a server showed; rejects with LL-OPCUA-CERTIFICATE where none did. */
  trust(thumbprint: string): Promise<void>;
  /** Asks the device whether it is there; only reads. Rejects with LL-CONSOLE-NO-DEVICE. */
  look(place: DevicePlace): Promise<DeviceSighting>;
  /** Writes the configuration, where it has no mistake. */
  write(wish: FirstConfiguration): Promise<readonly ConfigurationProblem[]>;
  /** Has the gateway start with what was written: whoever wrote it has been told. */
  begin(): void;
}
