import type {
  ConfigurationProblem,
  ConfigurationVerdict,
  ConfigurationView,
  ConsoleConfiguration,
} from './configuration-api.ts';

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
  readonly upstream: FirstUpstream;
}

/** The MQTT broker upstream. */
export interface FirstUpstream {
  /** `mqtt://host:port`, or `mqtts://host:port` over an encrypted link; empty for none yet. */
  readonly url: string;
  /** Who to be there; nobody when empty. */
  readonly user: string;
  readonly password: string;
  /** Certificates (PEM) by which the broker is trusted; empty for those of the system. */
  readonly ca: string;
}

/** Which addresses are looked through for devices. */
export interface ScanWish {
  readonly driver: DevicePlace['driver'];
  /** `10.0.3.0/24`, a host, or `tcp://host:port`. */
  readonly network: string;
  /** Unit ids that a Modbus device may have: `1`, `1-8`. */
  readonly units: string;
  /** How many addresses of them were asked before. */
  readonly from: number;
}

/** What a part of a scan found. */
export interface ScanPart {
  readonly found: readonly (Pick<DevicePlace, 'driver' | 'endpoint' | 'unit'> & Pick<DeviceSighting, 'identity'>)[];
  /** Addresses asked so far, and of how many. */
  readonly asked: number;
  readonly total: number;
}

/** A device that answered. */
export interface DeviceSighting {
  /** What it says of itself; empty where it says nothing. */
  readonly identity: string;
  /** Its points as rows of a point table, header first; empty where the protocol cannot tell them. */
  readonly cells: readonly (readonly string[])[];
}

/** What a first configuration comes to. */
export type FirstVerdict = Pick<ConfigurationVerdict, 'errors' | 'changes'>;

/** What is done before there is a configuration. */
export interface ConsoleFirstStart {
  /** Columns that a point table may have. */
  readonly columns: ConfigurationView['columns'];
  readonly readTable: ConsoleConfiguration['readTable'];
  /** Networks that the gateway itself is in, as a scan takes them. */
  networks(): readonly string[];
  /** Asks the next addresses, slowly; only reads. Rejects with LL-CONSOLE-NO-DEVICE where the wish names none. */
  scan(wish: ScanWish): Promise<ScanPart>;
  /** How an OPC UA server may be reached, the safest way first. Rejects with LL-CONSOLE-NO-DEVICE. */
  offers(endpoint: string): Promise<readonly ServerOffer[]>;
  /** Trusts a certificate that a server showed; rejects with LL-OPCUA-CERTIFICATE where none did. */
  trust(thumbprint: string): Promise<void>;
  /** Asks the device whether it is there; only reads. Rejects with LL-CONSOLE-NO-DEVICE. */
  look(place: DevicePlace): Promise<DeviceSighting>;
  /** Connects to the broker once and takes leave; nothing is published. Rejects with a code that says why it cannot. */
  tryUpstream(upstream: FirstUpstream, gateway: string): Promise<void>;
  /** What would be written, and what is wrong with it. */
  check(wish: FirstConfiguration): Promise<FirstVerdict>;
  /** Writes the configuration, where it has no mistake. */
  write(wish: FirstConfiguration): Promise<readonly ConfigurationProblem[]>;
  /** Has the gateway start with what was written: whoever wrote it has been told. */
  begin(): void;
}
