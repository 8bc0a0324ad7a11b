import { useEffect, useState } from 'preact/hooks';
import { allowSound, isMuted, setMuted } from '../alarm-sound.ts';
import { t } from '../language.ts';

/** Mutes the alarm sound of this screen; shows that it is muted. */
export function SoundButton() {
  const [muted, show] = useState(isMuted);
  useEffect(() => {
    addEventListener('pointerdown', allowSound, { once: true });
    addEventListener('keydown', allowSound, { once: true });
  }, []);
  return (
    <button
      type="button"
      class="button sound"
      aria-pressed={muted}
      title={t('mute')}
      onClick={() => {
        setMuted(!muted);
        show(!muted);
      }}
    >
      {t(muted ? 'soundOff' : 'soundOn')}
    </button>
  );
}
