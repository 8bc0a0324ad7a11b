import type { StoryView } from '../../../wire.ts';
import { gatewayNow, picture } from '../feed.ts';
import { momentText } from '../format.ts';
import { say, t } from '../language.ts';
import { href } from '../routes.ts';

const maxLines = 60;

const signs: Readonly<Record<string, string>> = {
  'alarm.raised': 'M8 2 14.5 13.5h-13ZM8 6.5v3.2M8 11.6v.2',
  'alarm.acknowledged': 'M2.5 8.5 6.2 12l7.3-8',
  'alarm.cleared': 'M3 8a5 5 0 1 0 1.6-3.6M4.5 1.8v2.8h2.8',
};
const other = 'M8 3a5 5 0 1 1 0 10A5 5 0 0 1 8 3Z';

/** What happened, newest first. Lines about an asset lead to it. */
export function Story({ events }: { events: readonly StoryView[] }) {
  const now = gatewayNow();
  return (
    <section class="panel story" aria-labelledby="story-title">
      <h2 id="story-title">{t('story')}</h2>
      {events.length === 0 && <p class="empty-line">{t('noStory')}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
      <ol class="story-lines" tabIndex={0} aria-labelledby="story-title">
        {events.slice(0, maxLines).map((event) => (
          <li
            key={`${event.time}/${event.subject}/${event.kind}`}
            class={`story-line story-${event.kind.replace('.', '-')}`}
          >
            <time class="story-time">{momentText(event.time, now)}</time>
            <svg class="story-sign" width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">
              <path d={signs[event.kind] ?? other} />
            </svg>
            <Line event={event} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Line({ event }: { event: StoryView }) {
  if (!picture.city?.assets.has(event.subject)) return <span class="story-text">{say(event.text)}</span>;
  return (
    <a class="story-text" href={href('asset', event.subject)}>
      {say(event.text)}
    </a>
  );
}
