import { gatewayNow, type Picture } from '../feed.ts';
import { dateText, timeText } from '../format.ts';
import { t, tOr } from '../language.ts';
import { href } from '../routes.ts';
import { hasAccount } from '../session.ts';
import { priorities } from '../situation.ts';
import { LanguageButton } from './language-button.tsx';
import { PriorityMark } from './priority-mark.tsx';
import { SoundButton } from './sound-button.tsx';

/** Always in sight: which gateway, how many alarms of each priority, whether the link lives, what time it is. */
export function Header({ picture, onLanguage }: { picture: Picture; onLanguage: () => void }) {
  const gateway = picture.city?.view.gateway;
  const now = picture.link === 'connecting' ? undefined : gatewayNow();
  return (
    <header class="header">
      <a class="brand" href={href('overview')}>
        <img src="/mark.svg" width="24" height="24" alt="" />
        <span class="brand-name">{t('product')}</span>
      </a>
      <div class="gateway">
        <span class="gateway-name">{gateway?.name ?? '—'}</span>
        <span class="gateway-id">{gateway ? `${gateway.id} · ${gateway.version}` : ''}</span>
      </div>
      <AlarmCounts picture={picture} />
      <SoundButton />
      <span class={`link link-${picture.link}`}>
        <span class="link-sign" aria-hidden="true" />
        {t(picture.link)}
      </span>
      <span class="clock" title={t('gatewayTime')}>
        <span class="clock-time">{now === undefined ? '—' : timeText(now)}</span>
        <span class="clock-date">{now === undefined ? '' : dateText(now)}</span>
      </span>
      <Who picture={picture} />
      <LanguageButton onLanguage={onLanguage} />
    </header>
  );
}

/** Who looks at the page, and the way to their account where they have one. */
function Who({ picture }: { picture: Picture }) {
  const caller = picture.session?.caller;
  if (!caller || caller.way === 'none') return null;
  const who = (
    <>
      <span class="who-name">{caller.way === 'local' ? t('thisMachine') : caller.name}</span>
      <span class="who-role">{tOr(caller.grant)}</span>
    </>
  );
  if (!hasAccount()) return <span class="who">{who}</span>;
  return (
    <a class="who" href={href('account')} title={t('account')}>
      {who}
    </a>
  );
}

function AlarmCounts({ picture }: { picture: Picture }) {
  return (
    <a class="counts" href={href('alarms')}>
      <span class="hidden">{t('alarms')}</span>
      {priorities.map((priority) => {
        const [count, open] = picture.alarms.tallies.priorities[priority];
        return (
          <span key={priority} class={`count${count === 0 ? ' count-none' : ''}`} title={t(priority)}>
            <PriorityMark priority={priority} quiet={count === 0} settled={open === 0} />
            <span class="count-number">{count}</span>
            <span class="hidden">{t(priority)}</span>
          </span>
        );
      })}
    </a>
  );
}
