import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock, Timer } from '../../edge/core/clock.ts';
import { errorWithin } from '../../edge/core/errors.ts';
import type { Log } from '../../edge/core/log.ts';
import { both } from '../../edge/core/text.ts';
import { modbusErrors } from './errors.ts';
import { describeHost, type TcpEndpoint } from './place.ts';
import type { FoundRegistration, Registration } from './registration.ts';
import { Terminal } from './terminal.ts';
import { UnknownTerminals } from './unknown-terminals.ts';

/** How long a connection may take to say who it is. */
const registerWithinMs = 30_000;
/** Most bytes that it may send before. */
const maxRegistrationBytes = 512;
/** A registration with nothing after it counts when so long nothing came: more bytes might make another id of it. */
const quietMs = 300;
/** Who has sent something and is quiet for so long without being expected is a stranger, though it keeps its chance. */
const strangerAfterMs = 2000;
/** Connections to one port at once, and among them those that have not registered. */
const maxConnections = 2000;
const maxNewcomers = 100;
/** Mobile networks forget connections that are silent; probes cost data. */
const keepAliveMs = 60_000;

/** A device that is behind a terminal, and how that registers. */
interface Expected {
  readonly registration: Registration;
  readonly terminal: Terminal;
}

/** Ports of one gateway by address. */
const portsOf = new WeakMap<Clock, Map<string, TerminalPort>>();

/**
 * A listening port that terminals (DTUs) dial in to. It is open while devices hold it; a connection belongs to nobody until
 * it has registered as one of their terminals.
 */
export class TerminalPort {
  readonly at: string;
  readonly strangers: UnknownTerminals;
  private readonly endpoint: TcpEndpoint;
  private readonly clock: Clock;
  private readonly expected = new Map<string, Expected>();
  private readonly newcomers = new Set<Socket>();
  private server: Server | undefined;
  private opening: Promise<void> | undefined;

  private constructor(endpoint: TcpEndpoint, clock: Clock, log: Log) {
    this.endpoint = endpoint;
    this.at = describeHost(endpoint);
    this.clock = clock;
    this.strangers = new UnknownTerminals(this.at, clock, log);
  }

  /** The port of a gateway at an address. */
  static of(endpoint: TcpEndpoint, clock: Clock, log: Log): TerminalPort {
    const ports = portsOf.get(clock) ?? new Map<string, TerminalPort>();
    portsOf.set(clock, ports);
    const at = describeHost(endpoint);
    const port = ports.get(at) ?? new TerminalPort(endpoint, clock, log);
    ports.set(at, port);
    return port;
  }

  /** The connection of a terminal that has dialled in; undefined while it has not. */
  static take(endpoint: TcpEndpoint, id: string, clock: Clock): Duplex | undefined {
    return portsOf.get(clock)?.get(describeHost(endpoint))?.terminal(id)?.take();
  }

  /** A device is behind a terminal from now on; whether it was not before. */
  hold(device: string, registration: Registration): boolean {
    const isNew = !this.expected.has(device);
    const terminal = this.terminal(registration.id) ?? new Terminal();
    this.expected.set(device, { registration, terminal });
    return isNew;
  }

  /** The device is no longer; with the last one the port is freed. May be called twice. */
  async release(device: string): Promise<void> {
    const left = this.expected.get(device);
    this.expected.delete(device);
    if (left && !this.terminal(left.registration.id))
      left.terminal.hangUp(both('no device is behind the terminal any more', '该终端后已没有设备'));
    if (this.expected.size > 0) return;
    portsOf.get(this.clock)?.delete(this.at);
    const { server } = this;
    this.server = undefined;
    for (const socket of this.newcomers) socket.destroy();
    if (!server?.listening) return;
    server.close();
    await once(server, 'close');
  }

  /** Listens if it does not yet, then waits for a terminal or the signal. Rejects with `LL-MODBUS-LISTEN`. */
  async arrival(id: string, signal: AbortSignal): Promise<void> {
    this.opening ??= this.listen().finally(() => {
      this.opening = undefined;
    });
    await this.opening;
    await this.terminal(id)?.arrival(signal);
  }

  private terminal(id: string): Terminal | undefined {
    for (const { registration, terminal } of this.expected.values()) if (registration.id === id) return terminal;
    return undefined;
  }

  private async listen(): Promise<void> {
    if (this.server) return;
    const server = createServer((socket) => this.greet(socket));
    server.maxConnections = maxConnections;
    this.server = server;
    try {
      server.listen(this.endpoint.port, this.endpoint.host);
      await once(server, 'listening');
    } catch (cause) {
      this.server = undefined;
      const why = errorWithin(cause);
      const text = both(
        `listen on ${this.at} for terminals that dial in: ${why.en}`,
        `在 ${this.at} 等待终端接入：${why.zh}`,
      );
      throw modbusErrors.create('LISTEN', text, cause);
    }
    server.on('error', () => undefined);
    // let go of while it was being opened
    if (this.server !== server) server.close();
  }

  /** Listens to a newcomer until it has said who it is, or has had its chance. */
  private greet(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (this.newcomers.size >= maxNewcomers) {
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    socket.setKeepAlive(true, keepAliveMs);
    const address = socket.remoteAddress ?? 'an unknown address';
    let heard = Buffer.alloc(0);
    let quiet: Timer | undefined;
    let isStranger = false;
    const note = () => {
      if (!isStranger) this.strangers.note(heard, address);
      isStranger = true;
    };
    const leave = () => {
      this.newcomers.delete(socket);
      chance.cancel();
      quiet?.cancel();
      socket.off('data', hear);
      socket.off('close', turnAway);
    };
    const turnAway = () => {
      leave();
      socket.destroy();
      if (this.server) note();
    };
    const register = ({ terminal }: Expected) => {
      leave();
      terminal.dialledIn(socket);
    };
    const hear = (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      quiet?.cancel();
      const [known, found] = this.match(heard) ?? [];
      if (known && found?.certain) register(known);
      else if (known) quiet = this.clock.after(quietMs, () => register(known));
      else if (heard.length > maxRegistrationBytes) turnAway();
      else quiet = this.clock.after(strangerAfterMs, note);
    };
    const chance = this.clock.after(registerWithinMs, turnAway);
    this.newcomers.add(socket);
    socket.on('data', hear);
    socket.on('close', turnAway);
  }

  /** Whose registration is among the bytes; the longest, where one begins like another. */
  private match(heard: Buffer): readonly [Expected, FoundRegistration] | undefined {
    let best: readonly [Expected, FoundRegistration] | undefined;
    for (const known of this.expected.values()) {
      const found = known.registration.find(heard);
      if (found && found.bytes > (best?.[1].bytes ?? 0)) best = [known, found];
    }
    return best;
  }
}
