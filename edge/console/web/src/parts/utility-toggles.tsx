import { Glyph } from './glyph.tsx';

interface UtilityTogglesProps {
  readonly utilities: readonly { readonly id: string; readonly name: string }[];
  /** Those that are not shown. */
  readonly aside: ReadonlySet<string>;
  readonly onToggle: (utility: string) => void;
}

/** A button for each utility, which takes it off the map or puts it back. */
export function UtilityToggles({ utilities, aside, onToggle }: UtilityTogglesProps) {
  return (
    <span class="toggles">
      {utilities.map(({ id, name }) => (
        <button key={id} type="button" class="toggle" aria-pressed={!aside.has(id)} onClick={() => onToggle(id)}>
          <Glyph utility={id} size={15} />
          {name}
        </button>
      ))}
    </span>
  );
}
