import type { Clock } from '../../edge/core/clock.ts';
import type { Text } from '../../edge/core/text.ts';
import type { WireListener } from '../api.ts';
import { encodeMbap, type MbapFrame, mbapBytes, mbapContent } from './frame.ts';
import { answerText, requestText, strayText } from './frame-text.ts';
import { encodeRtu } from './rtu.ts';

/** An RTU frame has a checksum of 2 bytes where Modbus TCP has 6 before the unit. */
const rtuSavesBytes = 4;

/**
 * Tells the listeners of a link what goes over it, as it stands on the wire: a link on an RTU line sees the frames of
 * Modbus TCP that stand for them. Costs a few additions a frame while nobody wants to see it.
 */
export class WireTap {
  private readonly clock: Clock;
  private readonly numbered: boolean;

  /** @param numbered whether the wire carries Modbus TCP; RTU frames otherwise */
  constructor(clock: Clock, numbered: boolean) {
    this.clock = clock;
    this.numbered = numbered;
  }

  /** A request left; `frame` is not changed any more. */
  sent(wire: WireListener | undefined, frame: Uint8Array): void {
    if (!wire) return;
    wire.sent(this.wireBytes(frame.length));
    if (!wire.wantsFrames) return;
    const { unit, pdu } = mbapContent(frame);
    const bytes = this.numbered ? frame : encodeRtu(unit, pdu);
    wire.frame({ at: this.clock.wallMs(), direction: 'sent', bytes, describe: () => requestText(unit, pdu) });
  }

  /** An answer came to a request, given as the frame that was sent. */
  answered(wire: WireListener | undefined, frame: MbapFrame, request: Uint8Array, sentMs: number): void {
    if (!wire) return;
    const roundTripMs = this.clock.monotonicMs() - sentMs;
    const refused = ((frame.pdu[0] as number) & 0x80) !== 0;
    wire.answered(this.wireBytes(mbapBytes(frame.pdu.length)), roundTripMs, refused);
    if (!wire.wantsFrames) return;
    this.tell(wire, frame, (unit, pdu) => answerText(unit, pdu, mbapContent(request).pdu), roundTripMs);
  }

  /** An answer fitted no request; everybody on the link is told, since nobody knows whose it was. */
  stray(wire: WireListener | undefined, frame: MbapFrame): void {
    if (!wire) return;
    wire.failed('stray');
    if (wire.wantsFrames) this.tell(wire, frame, strayText);
  }

  private tell(
    wire: WireListener,
    { transaction, unit, pdu }: MbapFrame,
    describe: (unit: number, pdu: Uint8Array) => Text,
    roundTripMs?: number,
  ): void {
    const own = pdu.slice();
    wire.frame({
      at: this.clock.wallMs(),
      direction: 'received',
      bytes: this.numbered ? encodeMbap(transaction, unit, own) : encodeRtu(unit, own),
      ...(roundTripMs === undefined ? {} : { roundTripMs }),
      describe: () => describe(unit, own),
    });
  }

  private wireBytes(bytes: number): number {
    return this.numbered ? bytes : bytes - rtuSavesBytes;
  }
}
