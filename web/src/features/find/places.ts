import type { Bounds, Position, Station } from '@/api/types'
import { nameOf, t, type Key, type Name } from '@/i18n'
import { round5, type LonLat } from '@/url/codec'

/** A place that people know by name and can start from. */
export interface Place {
  key: string
  name: string
  at: LonLat
  station?: Station
}

/** Public landmarks of Lhasa at their gates, where people can stand, to a few hundred metres; degrees. */
const landmarks: readonly { key: Key; at: Position }[] = [
  { key: 'place.jokhang', at: [91.1317, 29.6531] },
  { key: 'place.potala', at: [91.1172, 29.6547] },
  { key: 'place.norbulingka', at: [91.0962, 29.6527] },
  { key: 'place.station', at: [91.066, 29.6262] },
  { key: 'place.hospital', at: [91.131, 29.661] },
  { key: 'place.university', at: [91.18, 29.645] },
  { key: 'place.liuwu', at: [91.07, 29.62] },
  { key: 'place.sera', at: [91.1333, 29.6955] },
  { key: 'place.drepung', at: [91.05, 29.668] },
]

/** The landmarks that lie where there are streets. */
export function landmarksWithin(bounds: Bounds | undefined): Place[] {
  return landmarks.filter(({ at }) => !bounds || within(bounds, at)).map(({ key, at }) => ({ key, name: t(key), at }))
}

export function within([west, south, east, north]: Bounds, [lon, lat]: readonly [number, number]): boolean {
  return lon >= west && lon <= east && lat >= south && lat <= north
}

export function placeOfStation(station: Station): Place {
  const [lon, lat] = station.geometry.coordinates
  return {
    key: `station.${station.id}`,
    name: nameOf(station.properties.name),
    at: [round5(lon), round5(lat)],
    station,
  }
}

/** The name of a place key, when it is one of ours. */
export function placeName(key: string | undefined, stations: readonly Station[]): string | undefined {
  const landmark = landmarks.find((l) => l.key === key)
  if (landmark) return t(landmark.key)
  const station = stations.find(({ id }) => `station.${id}` === key)
  return station && nameOf(station.properties.name)
}

/** Places whose name in any language holds query, those that begin with it first; at most max of them. */
export function search(query: string, places: readonly Place[], max = 8): Place[] {
  const wanted = plain(query)
  if (!wanted) return places.slice(0, max)
  const rank = (place: Place) => {
    const found = spellings(place).map((s) => plain(s).indexOf(wanted))
    return found.includes(0) ? 0 : found.some((i) => i > 0) ? 1 : 2
  }
  return places
    .map((place) => ({ place, rank: rank(place) }))
    .filter((hit) => hit.rank < 2)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, max)
    .map((hit) => hit.place)
}

function spellings({ name, station }: Place): string[] {
  const all: (Name | undefined)[] = [station?.properties.name, station?.properties.address]
  return [name, station?.properties.code ?? '', ...all.flatMap((n) => [n?.zh ?? '', n?.bo ?? '', n?.en ?? ''])]
}

/** Without case, accents, blanks and tshegs, none of which people type reliably. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[\s·,，.。()（）་།'’-]/g, '')
}
