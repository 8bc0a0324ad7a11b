import type { Priority } from '../../../../core/alarm.ts';
import type { AlarmView } from '../../../wire.ts';
import { say, t } from '../language.ts';
import type { City } from '../model.ts';
import { isUnacknowledged, priorities } from '../situation.ts';

/** What of the list is looked at; empty texts mean all. */
export interface AlarmFilter {
  readonly utility: string;
  readonly priority: Priority | '';
  readonly words: string;
  readonly unacknowledged: boolean;
}

export const everything: AlarmFilter = { utility: '', priority: '', words: '', unacknowledged: false };

/** Whether an alarm passes: every word stands in its texts, its id or the name of its asset. */
export function passes(alarm: AlarmView, filter: AlarmFilter, assetName: string): boolean {
  const { utility, priority, words, unacknowledged } = filter;
  if (utility !== '' && alarm.utility !== utility) return false;
  if (priority !== '' && alarm.priority !== priority) return false;
  if (unacknowledged && !isUnacknowledged(alarm)) return false;
  const where = [alarm.id, assetName, ...Object.values(alarm.message), ...Object.values(alarm.cause)];
  const text = where.join(' ').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

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
