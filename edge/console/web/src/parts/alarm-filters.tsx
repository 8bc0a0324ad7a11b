import type { AlarmFilter } from '../../../alarm-wire.ts';
import { say, t } from '../language.ts';
import type { City } from '../model.ts';
import { priorities } from '../situation.ts';

export const everything: AlarmFilter = { utility: '', priority: '', asset: '', words: '', unacknowledged: false };

interface AlarmFiltersProps {
  readonly city: City;
  readonly filter: AlarmFilter;
  readonly onChange: (filter: AlarmFilter) => void;
}

export function AlarmFilters({ city, filter, onChange }: AlarmFiltersProps) {
  return (
    <search class="alarm-filters">
      <input
        type="search"
        aria-label={t('search')}
        placeholder={t('search')}
        maxLength={200}
        value={filter.words}
        onInput={({ currentTarget }) => onChange({ ...filter, words: currentTarget.value })}
      />
      <select
        aria-label={t('utility')}
        value={filter.utility}
        onChange={({ currentTarget }) => onChange({ ...filter, utility: currentTarget.value })}
      >
        <option value="">{t('allUtilities')}</option>
        {city.view.utilities.map(({ id, name }) => (
          <option key={id} value={id}>
            {say(name)}
          </option>
        ))}
      </select>
      <select
        aria-label={t('priority')}
        value={filter.priority}
        onChange={({ currentTarget }) =>
          onChange({ ...filter, priority: currentTarget.value as AlarmFilter['priority'] })
        }
      >
        <option value="">{t('allPriorities')}</option>
        {priorities.map((priority) => (
          <option key={priority} value={priority}>
            {t(priority)}
          </option>
        ))}
      </select>
      <label>
        <input
          type="checkbox"
          checked={filter.unacknowledged}
          onChange={() => onChange({ ...filter, unacknowledged: !filter.unacknowledged })}
        />
        {t('onlyUnacknowledged')}
      </label>
    </search>
  );
}
