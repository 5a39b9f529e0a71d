import type { Kind } from '@/api/types'

/**
 * The signs of the three kinds as SVG paths in a box of 24: a filled outline, and the strokes upon it. The list draws
 * them as SVG and the map on a canvas, so a station looks the same in both.
 */
export const kindShapes: Record<Kind, { outline: string; strokes: string }> = {
  union_station: {
    outline: 'M7.5 1.5h9a6 6 0 0 1 6 6v9a6 6 0 0 1-6 6h-9a6 6 0 0 1-6-6v-9a6 6 0 0 1 6-6z',
    strokes: 'M6.4 11.8 12 6.8l5.6 5M8.2 10.6v6.2h7.6v-6.2',
  },
  oxygen_bar: {
    outline: 'M12 1.2a10.8 10.8 0 1 1 0 21.6 10.8 10.8 0 0 1 0-21.6z',
    strokes: 'M9.3 7.3a3.8 3.8 0 1 1 0 7.6 3.8 3.8 0 0 1 0-7.6zM15.2 13.6c.2-1.7 3.1-1.6 3 .2-.1 1.1-2.9 2-3.1 3.4h3.3',
  },
  drivers_home: {
    outline: 'M12 1.2c3 1.7 6.2 2.5 9.8 2.6v7.6c0 5.6-3.6 9-9.8 11.4-6.2-2.4-9.8-5.8-9.8-11.4V3.8C5.8 3.7 9 2.9 12 1.2z',
    strokes: 'M12 6.3a5 5 0 1 1 0 10 5 5 0 0 1 0-10zM7.1 11.3h9.8M12 11.3v4.9',
  },
}

/** The colour token of a kind. */
export const kindColour: Record<Kind, string> = {
  union_station: '--turquoise',
  oxygen_bar: '--lapis',
  drivers_home: '--marigold',
}
