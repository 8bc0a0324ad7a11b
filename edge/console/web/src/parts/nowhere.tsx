import { t } from '../language.ts';
import { href } from '../routes.ts';

/** An address that leads nowhere: says so and shows the way back. */
export function Nowhere() {
  return (
    <section class="panel empty">
      <h1>{t('unknownPage')}</h1>
      <a class="button" href={href('overview')}>
        {t('back')}
      </a>
    </section>
  );
}
