import type {
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
  SymbolLayerSpecification,
} from 'maplibre-gl'
import tibetan from '@fontsource/noto-serif-tibetan/files/noto-serif-tibetan-tibetan-400-normal.woff2?url'
import type { Language } from '@/i18n'
import type { Look } from './look'

/** Where scenes put their layers: under the streets, over the streets but under names, or on top of everything. */
export const slots = { ground: 'slot-ground', streets: 'slot-streets', top: undefined } as const
export type Slot = keyof typeof slots

/** Our Tibetan first; then the faces of the devices, as in the style sheet. */
export const font = ['Kora', 'Segoe UI', 'PingFang SC', 'HarmonyOS Sans SC', 'MiSans', 'Noto Sans CJK SC', 'Roboto']

type Sources = Record<string, SourceSpecification>

/** The names of a feature in the order in which readers of language want them. */
export function nameIn(language: Language): ExpressionSpecification {
  const order: Record<Language, string[]> = {
    zh: ['name_zh', 'name', 'name_en', 'name_bo'],
    bo: ['name_bo', 'name_zh', 'name', 'name_en'],
    en: ['name_en', 'name', 'name_zh', 'name_bo'],
  }
  return ['coalesce', ...order[language].map((key) => ['get', key]), ''] as unknown as ExpressionSpecification
}

/** A name, and for readers of Tibetan and English the Chinese one below it, as the signs in the street have it. */
export function twoNames(language: Language): ExpressionSpecification {
  const first = nameIn(language)
  if (language === 'zh') return first
  const same: ExpressionSpecification = ['==', first, ['coalesce', ['get', 'name_zh'], '']]
  return [
    'case',
    same,
    first,
    ['format', first, {}, '\n', {}, ['coalesce', ['get', 'name_zh'], ''], { 'font-scale': 0.8 }],
  ] as unknown as ExpressionSpecification
}

/** Line height and width of labels; Tibetan stacks are tall, and MapLibre may break a line before a tsheg. */
export function lines(language: Language): { 'text-line-height': number; 'text-max-width': number } {
  return language === 'bo'
    ? { 'text-line-height': 1.5, 'text-max-width': 30 }
    : { 'text-line-height': 1.25, 'text-max-width': 8 }
}

/** The base map: quiet, so that nothing competes with hexes and parcels. It draws no borders of any level. */
export function buildStyle(look: Look, sources: Sources): StyleSpecification {
  return {
    version: 8,
    // Han and Latin come from the device; Tibetan from our own file, on pages in Tibetan only.
    'font-faces':
      look.language === 'bo'
        ? { Kora: [{ url: new URL(tibetan, look.origin).href, 'unicode-range': ['U+0F00-0FFF'] }] }
        : {},
    sources,
    transition: { duration: 150, delay: 0 },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': look.colour('--map-ground') } },
      ...('basemap' in sources ? areas(look) : []),
      slot(slots.ground),
      ...('basemap' in sources ? streets(look) : []),
      slot(slots.streets),
      ...('basemap' in sources ? labels(look) : []),
    ],
  }
}

function slot(id: string): LayerSpecification {
  return { id, type: 'background', layout: { visibility: 'none' } }
}

const base = { source: 'basemap' } as const

const widths = (...stops: number[]): ExpressionSpecification =>
  ['interpolate', ['exponential', 1.6], ['zoom'], ...stops] as unknown as ExpressionSpecification

const oneOf = (...classes: string[]): ExpressionSpecification => ['in', ['get', 'class'], ['literal', classes]]

function areas(look: Look): LayerSpecification[] {
  const c = look.colour
  return [
    {
      ...base,
      id: 'built',
      type: 'fill',
      'source-layer': 'landuse',
      filter: oneOf('residential', 'commercial', 'industrial', 'retail'),
      paint: { 'fill-color': c('--map-built'), 'fill-antialias': false },
    },
    {
      ...base,
      id: 'green',
      type: 'fill',
      'source-layer': 'landuse',
      filter: ['!', oneOf('residential', 'commercial', 'industrial', 'retail')],
      paint: { 'fill-color': c('--map-park'), 'fill-antialias': false },
    },
    { ...base, id: 'water', type: 'fill', 'source-layer': 'water', paint: { 'fill-color': c('--map-water') } },
    {
      ...base,
      id: 'waterway',
      type: 'line',
      'source-layer': 'waterway',
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': c('--map-water'), 'line-width': widths(8, 0.8, 12, 1.6, 16, 7) },
    },
    {
      ...base,
      id: 'buildings',
      type: 'fill',
      'source-layer': 'buildings',
      minzoom: 14.5,
      paint: {
        'fill-color': c('--map-building'),
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 14.5, 0, 15.2, 1],
      },
    },
  ]
}

const minor = ['residential', 'unclassified', 'living_street', 'service', 'track']
const middle = ['secondary', 'tertiary', 'primary']
const major = ['motorway', 'trunk']

function streets(look: Look): LayerSpecification[] {
  const c = look.colour
  const road = (
    id: string,
    classes: string[],
    colour: string,
    width: ExpressionSpecification,
    minzoom: number,
  ): LayerSpecification => ({
    ...base,
    id,
    type: 'line',
    'source-layer': 'roads',
    minzoom,
    filter: oneOf(...classes),
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': c(colour), 'line-width': width },
  })
  return [
    {
      ...base,
      id: 'paths',
      type: 'line',
      'source-layer': 'roads',
      minzoom: 14,
      filter: oneOf('footway', 'path', 'steps', 'pedestrian', 'cycleway'),
      paint: { 'line-color': c('--map-path'), 'line-width': widths(14, 0.6, 18, 2.4), 'line-dasharray': [2, 1.5] },
    },
    road('minor-edge', minor, '--map-road-edge', widths(13, 1.1, 16, 5.2, 18, 13), 13),
    road('middle-edge', middle, '--map-road-edge', widths(9, 1, 12, 2.6, 16, 10, 18, 22), 9),
    road('major-edge', major, '--map-highway-edge', widths(5, 1, 9, 2.2, 12, 4, 16, 14, 18, 28), 4),
    road('minor', minor, '--map-road', widths(12, 0.4, 13, 0.7, 16, 4, 18, 11.4), 12),
    road('middle', middle, '--map-road', widths(8, 0.5, 12, 1.8, 16, 8.6, 18, 20), 8),
    road('major', major, '--map-highway', widths(4, 0.6, 9, 1.4, 12, 2.8, 16, 12, 18, 25), 4),
    {
      ...base,
      id: 'rail',
      type: 'line',
      'source-layer': 'roads',
      minzoom: 8,
      filter: oneOf('rail'),
      paint: { 'line-color': c('--map-rail'), 'line-width': widths(9, 0.8, 16, 2.4), 'line-dasharray': [4, 2] },
    },
  ]
}

function labels(look: Look): LayerSpecification[] {
  const c = look.colour
  const halo = { 'text-halo-color': c('--map-halo'), 'text-halo-width': 1.6 }
  const place = (
    id: string,
    classes: string[],
    minzoom: number,
    maxzoom: number,
    size: ExpressionSpecification,
    colour: string,
  ): SymbolLayerSpecification => ({
    ...base,
    id,
    type: 'symbol',
    'source-layer': 'places',
    minzoom,
    maxzoom,
    filter: oneOf(...classes),
    layout: {
      'text-field': twoNames(look.language),
      'text-font': font,
      'text-size': size,
      'symbol-sort-key': ['coalesce', ['get', 'rank'], 9],
      'text-padding': 6,
      // A name steps aside for what a screen puts in its place.
      'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'],
      'text-radial-offset': 1.7,
      ...lines(look.language),
    },
    paint: { 'text-color': c(colour), ...halo },
  })
  const size = (...stops: number[]): ExpressionSpecification =>
    ['interpolate', ['linear'], ['zoom'], ...stops] as unknown as ExpressionSpecification
  return [
    {
      ...base,
      id: 'waterway-name',
      type: 'symbol',
      'source-layer': 'waterway',
      minzoom: 11,
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 400,
        'text-field': nameIn(look.language),
        'text-font': font,
        'text-size': 12,
        'text-letter-spacing': look.language === 'zh' ? 0.3 : 0,
      },
      paint: { 'text-color': c('--map-water-label'), 'text-halo-color': c('--map-water'), 'text-halo-width': 1 },
    },
    {
      ...base,
      id: 'road-name',
      type: 'symbol',
      'source-layer': 'roads',
      minzoom: 13.5,
      filter: oneOf(...major, ...middle, ...minor),
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 320,
        'text-field': nameIn(look.language),
        'text-font': font,
        'text-size': size(13, 11, 17, 13),
        'text-max-angle': 30,
        'text-padding': 8,
      },
      paint: { 'text-color': c('--map-label'), ...halo },
    },
    {
      ...base,
      id: 'road-number',
      type: 'symbol',
      'source-layer': 'roads',
      minzoom: 6,
      filter: ['all', ['has', 'ref'], oneOf(...major, 'primary')],
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 360,
        'text-field': ['get', 'ref'],
        'text-font': font,
        'text-size': 11,
        'text-rotation-alignment': 'viewport',
        'icon-rotation-alignment': 'viewport',
        'icon-image': 'shield',
        'icon-text-fit': 'both',
        'icon-text-fit-padding': [1, 5, 1, 5],
        'text-padding': 20,
      },
      paint: { 'text-color': c('--map-label-strong') },
    },
    {
      ...base,
      id: 'peak-name',
      type: 'symbol',
      'source-layer': 'peaks',
      minzoom: 11,
      layout: {
        'text-field': [
          'format',
          nameIn(look.language),
          {},
          ['case', ['has', 'ele'], ['concat', '\n▲ ', ['to-string', ['get', 'ele']], ' m'], ''],
          { 'font-scale': 0.85 },
        ] as unknown as ExpressionSpecification,
        'text-font': font,
        'text-size': 11,
        ...lines(look.language),
      },
      paint: { 'text-color': c('--map-label'), ...halo },
    },
    place('locality-name', ['locality', 'hamlet', 'neighbourhood'], 13.5, 24, size(13, 11, 16, 13), '--map-label'),
    place('village-name', ['village', 'suburb', 'quarter'], 11, 24, size(11, 11, 15, 14), '--map-label'),
    place('town-name', ['town'], 7, 15, size(7, 11, 12, 15), '--map-label-strong'),
    place('city-name', ['city'], 3, 13, size(4, 12, 11, 18), '--map-label-strong'),
  ]
}
