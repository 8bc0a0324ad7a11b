import { useEffect, useState } from 'preact/hooks';
import { allowSound, isMuted, safetyQuietMs, setMuted } from '../alarm-sound.ts';
import { durationText } from '../format.ts';
import { t } from '../language.ts';

const minuteMs = 60_000;

/** Mutes the alarm sound of this screen, safety alarms for a while only; shows that it is muted, and for how long they are. */
export function SoundButton() {
  const [muted, show] = useState(isMuted);
  useEffect(() => {
    addEventListener('pointerdown', allowSound, { once: true });
    addEventListener('keydown', allowSound, { once: true });
  }, []);
  // in whole minutes that are not over: what has just begun lasts for all of them
  const quietMs = muted ? Math.ceil(safetyQuietMs() / minuteMs) * minuteMs : 0;
  return (
    <button
      type="button"
      class="button sound"
      aria-pressed={muted}
      title={t('muteHint')}
      onClick={() => {
        setMuted(!muted);
        show(!muted);
      }}
    >
      {t(muted ? 'soundOff' : 'soundOn')}
      {muted && (
        <span class="panel-note">
          {' '}
          {quietMs > 0 ? `${t('safetySoundsIn')} ${durationText(quietMs)}` : t('safetySounds')}
        </span>
      )}
    </button>
  );
}
