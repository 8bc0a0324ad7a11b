import type { OPCUAServer } from 'node-opcua';

/** Lets an OPC UA server stand and fall with the supply of its PLC. */
export interface SuppliedServer {
  /** Tells it, scan by scan, whether the supply stands. Without it every connection breaks and none is taken. */
  follow(powered: boolean): void;
  /** Resolves when what `follow` has begun is done. */
  settled(): Promise<void>;
}

/** Opening and closing of a server's ports take a moment: they are done in turn. */
export function suppliedServer(server: OPCUAServer): SuppliedServer {
  let listening = true;
  let moving = Promise.resolve();
  return {
    follow(powered) {
      if (!powered) for (const endpoint of server.endpoints) endpoint.abruptlyInterruptChannels();
      if (powered === listening) return;
      listening = powered;
      moving = moving.then(() => (powered ? server.resumeEndPoints() : server.suspendEndPoints()));
    },
    settled: () => moving,
  };
}
