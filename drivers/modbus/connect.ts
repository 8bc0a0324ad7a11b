import { connect, type Socket } from 'node:net';
import type { Clock } from '../../edge/core/clock.ts';
import { errorWithin } from '../../edge/core/errors.ts';
import { both, type Text } from '../../edge/core/text.ts';
import { modbusErrors } from './errors.ts';
import type { TcpEndpoint } from './place.ts';

/** Firewalls forget connections that are silent between two polls; a sign of life keeps them open. */
const keepAliveMs = 30_000;
/** A TCP connection is there after one round trip; longer means packets are dropped on the way. */
const connectTimeoutMs = 3000;

/** Room for the answers that come together: 31 of the largest. */
const receiveBytes = 8192;

const reasons: Readonly<Record<string, Text>> = {
  ECONNREFUSED: both(
    'nothing listens there; check the port and that the Modbus server of the device is switched on',
    '该端口无人监听；请检查端口，并确认设备已启用 Modbus 服务',
  ),
  EHOSTUNREACH: both(
    'no route to this address; check cable, address and netmask',
    '没有到该地址的路由；请检查电缆、地址和子网掩码',
  ),
  ENETUNREACH: both(
    'no route to this network; check the gateway of this machine',
    '没有到该网段的路由；请检查本机的默认网关',
  ),
  ENOTFOUND: both(
    'this name does not resolve; check the spelling or write the address',
    '该名称无法解析；请检查拼写，或直接写地址',
  ),
  EAI_AGAIN: both(
    'the name server does not answer; check it or write the address',
    '域名服务器无应答；请检查，或直接写地址',
  ),
  ECONNRESET: both(
    'the device closed the connection at once; check whether it allows one more client',
    '设备随即关闭了连接；请检查其是否还允许一个客户端',
  ),
  ETIMEDOUT: both('no answer; check power, cable and firewall', '无应答；请检查电源、电缆和防火墙'),
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
    const fail = (reason: Text, cause?: unknown) => {
      finish();
      socket.on('error', () => undefined);
      socket.destroy();
      const text = both(`connect to ${target}: ${reason.en}`, `连接 ${target}：${reason.zh}`);
      reject(modbusErrors.create('CONNECT', text, cause));
    };
    const abort = () => fail(both('given up, since the gateway stops', '网关停止，已放弃'));
    const failed = (error: NodeJS.ErrnoException) => fail(reasons[error.code ?? ''] ?? errorWithin(error), error);
    const timer = clock.after(connectTimeoutMs, () =>
      fail(
        both(
          `no connection in ${connectTimeoutMs} ms; check power, cable, address and firewall`,
          `${connectTimeoutMs} ms 内未连上；请检查电源、电缆、地址和防火墙`,
        ),
      ),
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
