import { switchLanguage, t } from '../language.ts';

/** Switches to the other language. */
export function LanguageButton({ onLanguage }: { onLanguage: () => void }) {
  return (
    <button
      type="button"
      class="button language"
      title={t('languageHint')}
      onClick={() => {
        switchLanguage();
        onLanguage();
      }}
    >
      {t('language')}
    </button>
  );
}
