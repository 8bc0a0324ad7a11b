/** Payloads read and written byte by byte after the published schema: shares nothing with the code under test. */

export interface WireMetric {
  name?: string;
  alias?: number;
  timestamp?: number;
  datatype?: number;
  historical?: boolean;
  isNull?: boolean;
  properties?: Record<string, { type: number; value: number | string | undefined }>;
  /** Number of the value's field in the schema: 10 int … 15 string, 18 template. */
  field?: number;
  value?: number | boolean | string | bigint;
  template?: WireTemplate;
  /** Bytes on the wire, tag and length included. */
  bytes: number;
}

export interface WireTemplate {
  ref?: string;
  definition?: boolean;
  metrics: WireMetric[];
  parameters: Record<string, number | string | undefined>;
}

export interface WirePayload {
  timestamp?: number;
  seq?: number;
  metrics: WireMetric[];
}

type Value = bigint | Buffer;

/** Every field of a message in order: number, and 64 bits or the bytes of it. */
function* fields(bytes: Buffer): Generator<{ id: number; wire: number; value: Value; size: number }> {
  let at = 0;
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (at >= bytes.length || shift > 63n) throw new Error('varint runs over');
      const byte = bytes[at++]!;
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, result);
    }
  };
  while (at < bytes.length) {
    const begin = at;
    const tag = Number(varint());
    const wire = tag & 7;
    const take = (count: number) => {
      if (at + count > bytes.length) throw new Error('field runs over');
      at += count;
      return bytes.subarray(at - count, at);
    };
    const value = wire === 0 ? varint() : wire === 1 ? take(8) : wire === 5 ? take(4) : take(Number(varint()));
    if (![0, 1, 2, 5].includes(wire)) throw new Error(`wire type ${wire}`);
    yield { id: tag >> 3, wire, value, size: at - begin };
  }
}

function scalar(offset: number, value: Value): number | boolean | string | bigint {
  if (offset === 0) return Number(value);
  if (offset === 1) return value as bigint;
  if (offset === 2) return (value as Buffer).readFloatLE();
  if (offset === 3) return (value as Buffer).readDoubleLE();
  return offset === 4 ? value !== 0n : (value as Buffer).toString('utf8');
}

export function readPayload(bytes: Buffer): WirePayload {
  const payload: WirePayload = { metrics: [] };
  for (const { id, value, size } of fields(bytes)) {
    if (id === 1) payload.timestamp = Number(value);
    else if (id === 2) payload.metrics.push({ ...readMetric(value as Buffer), bytes: size });
    else if (id === 3) payload.seq = Number(value);
    else throw new Error(`field ${id} of a payload`);
  }
  return payload;
}

function readMetric(bytes: Buffer): WireMetric {
  const metric: WireMetric = { bytes: bytes.length };
  for (const { id, value } of fields(bytes)) {
    if (id === 1) metric.name = (value as Buffer).toString('utf8');
    else if (id === 2) metric.alias = Number(value);
    else if (id === 3) metric.timestamp = Number(value);
    else if (id === 4) metric.datatype = Number(value);
    else if (id === 5) metric.historical = value === 1n;
    else if (id === 7) metric.isNull = value === 1n;
    else if (id === 9) metric.properties = readProperties(value as Buffer);
    else if (id >= 10 && id <= 15) {
      metric.field = id;
      metric.value = scalar(id - 10, value);
    } else if (id === 18) {
      metric.field = id;
      metric.template = readTemplate(value as Buffer);
    } else throw new Error(`field ${id} of a metric`);
  }
  return metric;
}

function readProperties(bytes: Buffer): NonNullable<WireMetric['properties']> {
  const keys: string[] = [];
  const values: { type: number; value: number | string | undefined }[] = [];
  for (const { id, value } of fields(bytes)) {
    if (id === 1) keys.push((value as Buffer).toString('utf8'));
    else values.push(readTyped(value as Buffer, 1));
  }
  if (keys.length !== values.length) throw new Error('keys and values of properties differ in number');
  return Object.fromEntries(keys.map((key, index) => [key, values[index]!]));
}

/** A property or parameter: its type in the field named, its value in a field from 3. */
function readTyped(bytes: Buffer, typeId: number) {
  let type = 0;
  let result: number | string | undefined;
  for (const { id, value } of fields(bytes)) {
    if (id === typeId) type = Number(value);
    else if (id >= 3) result = scalar(id - 3, value) as number | string;
  }
  return { type, value: result };
}

function readTemplate(bytes: Buffer): WireTemplate {
  const template: WireTemplate = { metrics: [], parameters: {} };
  for (const { id, value } of fields(bytes)) {
    if (id === 2) template.metrics.push(readMetric(value as Buffer));
    else if (id === 3) {
      const [name] = [...fields(value as Buffer)].filter((field) => field.id === 1);
      template.parameters[(name!.value as Buffer).toString('utf8')] = readTyped(value as Buffer, 2).value;
    } else if (id === 4) template.ref = (value as Buffer).toString('utf8');
    else if (id === 5) template.definition = value === 1n;
  }
  return template;
}

function varint(value: number | bigint): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

const entry = (id: number, wire: number, content: Buffer) =>
  Buffer.concat([varint((id << 3) | wire), ...(wire === 2 ? [varint(content.length)] : []), content]);

/** What a command sets: one value, in the field of the schema with the name given. */
export interface WireCommand {
  readonly name?: string;
  readonly alias?: number;
  readonly datatype?: number;
  readonly int?: number;
  readonly long?: bigint;
  readonly float?: number;
  readonly double?: number;
  readonly boolean?: boolean;
  readonly string?: string;
}

export function writeCommand(timestamp: number, ...metrics: WireCommand[]): Buffer {
  const written = metrics.map(({ name, alias, datatype, int, long, float, double, boolean, string }) => {
    const parts: Buffer[] = [];
    if (name !== undefined) parts.push(entry(1, 2, Buffer.from(name)));
    if (alias !== undefined) parts.push(entry(2, 0, varint(alias)));
    if (datatype !== undefined) parts.push(entry(4, 0, varint(datatype)));
    if (int !== undefined) parts.push(entry(10, 0, varint(int)));
    if (long !== undefined) parts.push(entry(11, 0, varint(long)));
    if (float !== undefined) {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(float);
      parts.push(entry(12, 5, bytes));
    }
    if (double !== undefined) {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(double);
      parts.push(entry(13, 1, bytes));
    }
    if (boolean !== undefined) parts.push(entry(14, 0, varint(Number(boolean))));
    if (string !== undefined) parts.push(entry(15, 2, Buffer.from(string)));
    return entry(2, 2, Buffer.concat(parts));
  });
  return Buffer.concat([entry(1, 0, varint(timestamp)), ...written]);
}
