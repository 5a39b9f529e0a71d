import { nameOf, t, type Key } from '@/i18n'
import { formatLonLat, parseLonLat, round5, type LonLat } from '@/url/codec'

/** Where investors come from and go to in Nyingchi, to a few hundred metres; degrees. */
const known: readonly { key: Key; at: LonLat }[] = [
  { key: 'county.540402', at: [94.3605, 29.64] },
  { key: 'county.540481', at: [94.2124, 29.2161] },
  { key: 'county.540421', at: [93.2443, 29.8885] },
  { key: 'county.540424', at: [95.757, 29.8593] },
  { key: 'county.540426', at: [93.073, 29.0484] },
  { key: 'county.540423', at: [95.3323, 29.3261] },
  { key: 'county.540425', at: [97.467, 28.6612] },
  { key: 'land.place.railway', at: [94.39, 29.602] },
  { key: 'land.place.airport', at: [94.335, 29.303] },
]

export interface NamedPlace {
  name: string
  at: LonLat
}

/** Places to be near: the known ones, and stations by their names. */
export function placesWith(stations: readonly { name: { zh: string; bo?: string; en?: string }; at: LonLat }[] = []): NamedPlace[] {
  return [
    ...known.map(({ key, at }) => ({ name: t(key), at })),
    ...stations.map(({ name, at }) => ({ name: nameOf(name), at: [round5(at[0]), round5(at[1])] as const })),
  ]
}

/** What a place is called: its name, or that it is one on the map. */
export function nameAt(at: LonLat, places: readonly NamedPlace[] = placesWith()): string {
  const same = places.find((p) => p.at[0] === at[0] && p.at[1] === at[1])
  return same?.name ?? t('land.near.spot')
}

/** The place that was typed: a name, the only one that holds what was typed, or longitude and latitude. */
export function placeIn(typed: string, places: readonly NamedPlace[]): LonLat | undefined {
  const wanted = typed.trim().toLowerCase()
  if (!wanted) return undefined
  const at = parseLonLat(wanted.split(/[\s,，;；]+/).filter(Boolean).join(','))
  if (at) return at
  const exact = places.find(({ name }) => name.toLowerCase() === wanted)
  if (exact) return exact.at
  const hits = places.filter(({ name }) => name.toLowerCase().includes(wanted))
  return hits.length === 1 ? hits[0]?.at : undefined
}

export const placeText = (at: LonLat, places: readonly NamedPlace[]) => {
  const same = places.find((p) => p.at[0] === at[0] && p.at[1] === at[1])
  return same?.name ?? formatLonLat(at).replace(',', ', ')
}
