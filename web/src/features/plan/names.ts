import { nameOf, t } from '@/i18n'
import type { Placed } from './scenario'

/** What a station of a scenario is called. */
export function nameOfPlaced(one: Placed): string {
  if (one.station) return nameOf(one.station.properties.name)
  return one.name || t('scenario.new', { n: -one.id })
}
