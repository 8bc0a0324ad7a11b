import type { FrameView } from '../../../wire.ts';
import { numberText, preciseTimeText } from '../format.ts';
import { say, t } from '../language.ts';

/** The last frames of a device, newest first: when, which way, what they say, and every byte. */
export function FrameList({ frames }: { frames: readonly FrameView[] }) {
  return (
    <section class="panel" aria-labelledby="frames-title">
      <div class="panel-head">
        <h2 id="frames-title">{t('frames')}</h2>
        <span class="panel-note">{frames.length === 0 ? t('noFrames') : frames.length}</span>
      </div>
      {frames.length > 0 && (
        <table class="table frame-table">
          <thead>
            <tr>
              <th scope="col">{t('time')}</th>
              <th scope="col">{t('direction')}</th>
              <th scope="col" class="numeric">
                {t('roundTrip')}
              </th>
              <th scope="col">{t('meaning')}</th>
              <th scope="col">{t('bytes')}</th>
            </tr>
          </thead>
          <tbody>{frames.map((frame, index) => <FrameRow key={index} frame={frame} />).reverse()}</tbody>
        </table>
      )}
    </section>
  );
}

function FrameRow({ frame }: { frame: FrameView }) {
  const { at, direction, roundTripMs, text, hex } = frame;
  return (
    <tr>
      <td class="frame-time">{preciseTimeText(at)}</td>
      <td>
        <span aria-hidden="true">{direction === 'sent' ? '→' : '←'}</span> {t(direction)}
      </td>
      <td class="numeric">
        {roundTripMs !== undefined && (
          <>
            {numberText(roundTripMs, 1)} <span class="unit">ms</span>
          </>
        )}
      </td>
      <td>{say(text)}</td>
      <td class="frame-bytes">{hex.replace(/..(?!$)/g, '$& ')}</td>
    </tr>
  );
}
