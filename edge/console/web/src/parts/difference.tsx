import type { ConfigurationChanges } from '../../../configuration-api.ts';

/** What changes, line by line; signs stand beside the colours. */
export function Difference({ changes }: { changes: readonly ConfigurationChanges[] }) {
  return (
    <>
      {changes.map(({ file, lines }) => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
        <section key={file} class="difference" tabIndex={0} aria-label={file}>
          <h3>{file}</h3>
          {lines.map(({ sign, text }, index) => (
            <code key={index} class={sign === ' ' ? 'line' : sign === '+' ? 'line line-added' : 'line line-gone'}>
              {sign === '-' ? '−' : sign} {text}
            </code>
          ))}
        </section>
      ))}
    </>
  );
}
