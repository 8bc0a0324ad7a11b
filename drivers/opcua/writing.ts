import type { DataType, Variant, WriteValueOptions } from 'node-opcua';
import { LifelineError } from '../../edge/core/errors.ts';
import { isBad, qualityName } from '../../edge/core/quality.ts';
import { asText } from '../../edge/core/text.ts';
import type { DevicePoint, WriteOutcome } from '../api.ts';
import { encodeNumber, variantOf } from './conversion.ts';
import { opcuaErrors, stackText } from './errors.ts';
import type { Place } from './nodes.ts';
import type { PollContext } from './polling.ts';
import { attributeOf, sampleOf } from './value.ts';

/** Writes and reads single points of one session. Types are asked of the server once a point. */
export class PointAccess {
  private readonly context: PollContext;
  private readonly places: ReadonlyMap<number, Place>;
  private readonly types = new Map<number, DataType>();

  constructor(context: PollContext, places: readonly Place[]) {
    this.context = context;
    this.places = new Map(places.map((place) => [place.point.tag, place]));
  }

  /** One value now; rejects with a coded error when it is bad or no answer comes. */
  async readBack(point: DevicePoint): Promise<number> {
    const { value, quality } = await this.read(this.placeOf(point));
    if (isBad(quality)) throw this.error('NODE', point, `is ${qualityName(quality)}`);
    return value;
  }

  /** Writes one raw value in the data type the server has for it. Never rejects. */
  async write(point: DevicePoint, raw: number): Promise<WriteOutcome> {
    const { stack, session } = this.context;
    let wanted: WriteValueOptions;
    try {
      const place = this.placeOf(point);
      if (!this.types.has(point.tag)) await this.read(place);
      const value = this.variantOf(place, raw);
      wanted = { ...attributeOf(stack, place), value: new stack.DataValue({ value }) };
    } catch (cause) {
      return { kind: 'refused', error: asCoded(cause, (text) => this.error('WRITE', point, text, cause)) };
    }
    try {
      const status = await session.write(wanted);
      if (status.isGood()) return { kind: 'done' };
      return { kind: 'refused', error: this.error('WRITE', point, `the server refuses ${raw} (${status.name})`) };
    } catch (cause) {
      const what = `no answer to the write of ${raw} (${stackText(cause)})`;
      return { kind: 'unknown', error: this.error('WRITE', point, what, cause) };
    }
  }

  private placeOf(point: DevicePoint): Place {
    const place = this.places.get(point.tag);
    if (!place) throw this.error('NODE', point, 'is not on the server');
    return place;
  }

  private async read(place: Place) {
    const { stack, session } = this.context;
    const data = await session.read(attributeOf(stack, place)).catch((cause: unknown) => {
      throw this.error('LOST', place.point, 'could not be read', cause);
    });
    if (data.value.dataType !== stack.DataType.Null) this.types.set(place.point.tag, data.value.dataType);
    return sampleOf(stack, data, place);
  }

  private variantOf({ point, element }: Place, raw: number): Variant {
    const dataType = this.types.get(point.tag);
    if (dataType === undefined) throw this.error('NODE', point, 'has no value whose type could be taken');
    const { stack } = this.context;
    return variantOf(stack, dataType, encodeNumber(stack, dataType, raw), element);
  }

  private error(name: 'NODE' | 'WRITE' | 'LOST', point: DevicePoint, what: string, cause?: unknown): LifelineError {
    return opcuaErrors.create(name, asText(`${point.name} at ${point.node} of ${this.context.target}: ${what}`), cause);
  }
}

const asCoded = (cause: unknown, make: (text: string) => LifelineError): LifelineError =>
  cause instanceof LifelineError ? cause : make(stackText(cause));
