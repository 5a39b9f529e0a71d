import type { DataDrivenPropertyValueSpecification, ExpressionSpecification, StyleSpecification } from 'maplibre-gl'
import type { Look } from './look'

/** Where scenes put their layers: under the streets, over the streets but under names, or on top of everything. */
export type Slot = 'ground' | 'streets' | 'top'

/** How labels are written in the language of the page. */
export interface Labels {
  font: DataDrivenPropertyValueSpecification<string[]>
  /** The name of a feature. */
  name: ExpressionSpecification
  /** And for readers of Tibetan and English the Chinese one below it. */
  names: ExpressionSpecification
  /** Height and width of lines. */
  lines: { 'text-line-height': number; 'text-max-width': number }
}

/** The base map as the server draws it, with what it tells those who draw upon it. */
export interface BaseStyle extends StyleSpecification {
  metadata: {
    /** The layers in the tiles of each source. */
    'kora:layers': Record<string, string[]>
    /** The layer before which a slot's layers go. */
    'kora:slots': Record<Exclude<Slot, 'top'>, string>
    'kora:labels': Labels
    /** Whose pictures lie under the map, when there are any. */
    'kora:pictures'?: string
  }
}

/** Fetches the base map in the colours and the language of look. */
export async function fetchStyle({ dark, language }: Look): Promise<BaseStyle> {
  const response = await fetch(`/styles/${dark ? 'dark' : 'light'}.json?lang=${language}&layers=base`)
  if (!response.ok) throw new Error(`the style of the map: the server answers ${response.status}`)
  return (await response.json()) as BaseStyle
}

/** Fetches the addresses that the tiles of a set have now; each holds the version of what the tiles show. */
export async function fetchTiles(url: string): Promise<string[]> {
  const response = await fetch(here(url))
  if (!response.ok) throw new Error(`the tiles of the map: the server answers ${response.status}`)
  return ((await response.json()) as { tiles: string[] }).tiles
}

/** An address on the page's own origin, whatever name the server knows itself by behind a proxy. */
export function here(address: string): string {
  const { pathname, search } = new URL(address, location.origin)
  return location.origin + pathname + search
}
