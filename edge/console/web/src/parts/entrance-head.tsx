import { t } from '../language.ts';
import { LanguageButton } from './language-button.tsx';

/** What stands above every page before the console. */
export function EntranceHead({ onLanguage }: { onLanguage: () => void }) {
  return (
    <header class="entrance-head">
      <img src="/mark.svg" width="28" height="28" alt="" />
      <span class="brand-name">{t('product')}</span>
      <LanguageButton onLanguage={onLanguage} />
    </header>
  );
}
