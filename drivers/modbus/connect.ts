import { connect, type Socket } from 'node:net';
import type { Clock } from '../../edge/core/clock.ts';
import { modbusErrors } from './errors.ts';
import type { TcpEndpoint } from './place.ts';

/** Firewalls forget connections that are silent between two polls; a sign of life keeps them open. */
const keepAliveMs = 30_000;
/** A TCP connection is there after one round trip; longer means packets are dropped on the way. */
const connectTimeoutMs = 3000;

/** Room for the answers that come together: 31 of the largest. */
const receiveBytes = 8192;

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; check the port and that the Modbus server of the device is switched on',
  EHOSTUNREACH: 'no route to this address; check cable, address and netmask',
  ENETUNREACH: 'no route to this network; check the gateway of this machine',
  ENOTFOUND: 'this name does not resolve; check the spelling or write the address',
  EAI_AGAIN: 'the name server does not answer; check it or write the address',
  ECONNRESET: 'the device closed the connection at once; check whether it allows one more client',
  ETIMEDOUT: 'no answer; check power, cable and firewall',
};

/**
 * Opens a TCP connection without delay of small packets. The bytes of a `data` event are overwritten by the next one:
 * whoever listens takes them at once and never pauses the socket. Rejects with `LL-MODBUS-CONNECT`, naming the device (`target`)
 * and what to check; `signal` aborts the attempt.
 */
export function connectTcp(endpoint: TcpEndpoint, target: string, clock: Clock, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // one buffer for the life of the link instead of 64 kB for every answer: a tenth less CPU a read
    const onread = {
      buffer: new Uint8Array(receiveBytes),
      callback: (bytes: number, buffer: Uint8Array) => socket.emit('data', buffer.subarray(0, bytes)),
    };
    const socket: Socket = connect({
      ...{ host: endpoint.host, port: endpoint.port, onread },
      ...{ noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs },
    });
    const fail = (reason: string, cause?: unknown) => {
      finish();
      socket.on('error', () => undefined);
      socket.destroy();
      reject(modbusErrors.create('CONNECT', `connect to ${target}: ${reason}`, cause));
    };
    const abort = () => fail('given up, since the gateway stops');
    const failed = (error: NodeJS.ErrnoException) =>
      fail(reasons[error.code ?? ''] ?? (error.message || String(error.code)), error);
    const timer = clock.after(connectTimeoutMs, () =>
      fail(`no connection in ${connectTimeoutMs} ms; check power, cable, address and firewall`),
    );
    const finish = () => {
      timer.cancel();
      signal.removeEventListener('abort', abort);
      socket.off('error', failed);
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      finish();
      resolve(socket);
    });
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}
