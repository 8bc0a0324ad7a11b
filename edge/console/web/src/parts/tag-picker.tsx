import { useId, useMemo, useState } from 'preact/hooks';
import { say, t } from '../language.ts';
import type { City, TagView } from '../model.ts';
import { findTags, searchable } from '../tag-search.ts';

const shown = 12;

/** A field with a list of our own under it, for the browser's finds by the beginning only; of the pattern of ARIA. */
const combobox = (open: boolean, list: string, active: string | undefined) => ({
  role: 'combobox' as const,
  list: undefined,
  'aria-autocomplete': 'list' as const,
  'aria-expanded': open,
  'aria-controls': list,
  'aria-activedescendant': active,
});

interface TagPickerProps {
  readonly city: City;
  readonly onPick: (tag: string) => void;
  /** Whether no more can be taken. */
  readonly full: boolean;
}

/** Finds a point by its asset, quantity or tag; arrows choose among what is found, Enter takes it. */
export function TagPicker({ city, onPick, full }: TagPickerProps) {
  const id = useId();
  const [typed, type] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const all = useMemo(() => searchable(city), [city]);
  const found = open ? findTags(all, typed, shown) : [];
  const pick = (tag: TagView | undefined) => {
    if (!tag) return;
    onPick(tag.name);
    type('');
    setOpen(false);
  };
  const key = (event: KeyboardEvent) => {
    const { key: pressed } = event;
    if (pressed === 'ArrowDown' || pressed === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const step = pressed === 'ArrowDown' ? 1 : -1;
      if (found.length > 0) setAt((at + step + found.length) % found.length);
    } else if (pressed === 'Enter') pick(found[at]);
    else if (pressed === 'Escape') setOpen(false);
  };
  return (
    <div class="tag-picker">
      <input
        type="search"
        class="tag-search"
        {...combobox(open, `${id}-found`, found[at] ? `${id}-${at}` : undefined)}
        aria-label={t('addPoint')}
        placeholder={t(full ? 'mostPoints' : 'addPointHint')}
        disabled={full}
        autocomplete="off"
        value={typed}
        onInput={({ currentTarget }) => {
          type(currentTarget.value);
          setAt(0);
          setOpen(true);
        }}
        onKeyDown={key}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
      />
      <div class="tags-found" id={`${id}-found`} role="listbox" aria-label={t('points')} hidden={!open}>
        {found.map((tag, place) => (
          <div
            key={tag.name}
            id={`${id}-${place}`}
            role="option"
            tabIndex={-1}
            class="tag-found"
            aria-selected={place === at}
            // before the field loses the focus and the list goes
            onMouseDown={(event) => {
              event.preventDefault();
              pick(tag);
            }}
          >
            <TagWords city={city} tag={tag} />
          </div>
        ))}
      </div>
      {open && found.length === 0 && (
        <p class="tags-found empty-line" role="status">
          {t('noSuchPoint')}
        </p>
      )}
    </div>
  );
}

function TagWords({ city, tag }: { city: City; tag: TagView }) {
  const point = city.pointOf.get(tag.name);
  return (
    <>
      {point && (
        <span>
          {point.asset.name} · {point.meaning ? say(point.meaning.name) : point.role}
        </span>
      )}
      <span class="tag-name">{tag.name}</span>
    </>
  );
}
