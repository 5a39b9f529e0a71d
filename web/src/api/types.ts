import type { components } from './schema'

/**
 * The answers of the HTTP interface by the names that the page uses. They come from the OpenAPI document; what it cannot
 * say is said here: that a position has two numbers and a box four.
 */
type Schema = components['schemas']
type But<T, More> = Omit<T, keyof More> & More

export type Bounds = [west: number, south: number, east: number, north: number]
export type Position = [lon: number, lat: number]

export const kinds = ['union_station', 'oxygen_bar', 'drivers_home'] as const satisfies Kind[]
export type Kind = Schema['StationProperties']['kind']

export type Network = But<Schema['AboutNetwork'], { bounds: Bounds }>
export type About = But<
  Schema['AboutOutput'],
  { network?: Network | null; bounds: { stations?: Bounds | null; parcels?: Bounds | null } }
>

export type Station = But<Schema['StationFeature'], { geometry: { type: 'Point'; coordinates: Position } }>
export type StationList = But<Schema['CollectionStationFeature'], { features: Station[] }>
export type LineString = { type: 'LineString'; coordinates: Position[] }
export type Nearest = But<
  Schema['NearestOutput'],
  { results: But<Schema['Reach'], { station: Station; route: LineString }>[] }
>

export type AreaCoverage = But<Schema['AreaCoverage'], { bbox: Bounds }>
export type Coverage = But<Schema['CoverageOutput'], { areas: AreaCoverage[] }>

export type CorridorSummary = But<Schema['CorridorSummary'], { bbox: Bounds }>
export type CorridorList = But<Schema['CorridorsOutput'], { highways: CorridorSummary[] }>
export type CorridorHome = But<Schema['CorridorHome'], { point: Position; kind: Kind }>
export type CorridorStretch = But<Schema['CorridorStretch'], { lines: Position[][] }>
export type Corridor = But<
  Schema['CorridorOutput'],
  {
    bbox: Bounds
    stations: CorridorHome[]
    way: But<Schema['CorridorProfile'], { points: Position[] }>
    up_stretches: CorridorStretch[]
    down_stretches: CorridorStretch[]
  }
>

export type Limit = Schema['Range']
export type Parcel = But<
  Schema['ParcelFeature'],
  { geometry: { type: 'MultiPolygon'; coordinates: Position[][][] } }
>
export type ParcelList = But<Schema['CollectionParcelFeature'], { features: Parcel[] }>
export type Notice = Schema['Notice']
export type NoticeList = Schema['NoticesOutput']
export type Histogram = Schema['ParcelHistogram']
export type Drive = Schema['Drive']

export type Need = Schema['Need']
export type Finding = Schema['Finding']
export type Suggested = But<Schema['SuggestedParcel'], { parcel: Parcel }>
export type Recommendation = But<Schema['RecommendOutput'], { suggestions: Suggested[] }>

export type Consent = Schema['ConsentOutput']
export type Contact = Schema['ContactOutput']
export type Intent = Schema['IntentAnswer']
export type IntentForm = Schema['IntentForm']
export type Receipt = Schema['Receipt']
export type Suggestion = Schema['Suggestion']
export type Navigation = Schema['Navigation']
export type Panorama = Schema['Panorama']
export type PanoramaLevel = Schema['PanoramaLevel']
export type HotSpot = Schema['HotSpot']
