import type { Kind } from '@/api/types'
import shapes from './shapes.json'

/**
 * The signs of the three kinds as SVG paths in a box of 24: a filled outline, the strokes upon it, and the token of their
 * colour. The list draws them as SVG; the server makes the map's sprite of the same file, so a station looks the same in both.
 */
export const kindShapes: Record<Kind, { colour: string; outline: string; strokes: string }> = shapes
