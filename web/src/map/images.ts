import type { Map } from 'maplibre-gl'
import { kinds, type Kind } from '@/api/types'
import { kindColour, kindShapes } from '@/ui/shapes'
import type { Look } from './look'

const ratio = 3

function draw(width: number, height: number, paint: (c: CanvasRenderingContext2D) => void): ImageData {
  const canvas = document.createElement('canvas')
  canvas.width = width * ratio
  canvas.height = height * ratio
  const context = canvas.getContext('2d')
  if (!context) throw new Error('this browser cannot draw on a canvas')
  context.scale(ratio, ratio)
  paint(context)
  return context.getImageData(0, 0, canvas.width, canvas.height)
}

/** A sign of size pixels with a halo; without strokes it has room for a figure. */
function sign(kind: Kind, size: number, look: Look, fill: string, strokes: boolean): ImageData {
  const halo = 3
  const box = size + halo * 2
  return draw(box, box, (c) => {
    c.translate(halo, halo)
    c.scale(size / 24, size / 24)
    const outline = new Path2D(kindShapes[kind].outline)
    c.lineJoin = 'round'
    c.lineCap = 'round'
    c.shadowColor = look.dark ? 'rgb(0 0 0 / 50%)' : 'rgb(27 35 43 / 30%)'
    c.shadowBlur = 3 * ratio
    c.shadowOffsetY = ratio
    c.strokeStyle = look.colour('--paper')
    c.lineWidth = (2 * 24) / size + 1.5
    c.stroke(outline)
    c.shadowColor = 'transparent'
    c.fillStyle = fill
    c.fill(outline)
    if (!strokes) return
    c.strokeStyle = look.colour('--paper')
    c.lineWidth = 1.8
    c.stroke(new Path2D(kindShapes[kind].strokes))
  })
}

function hatch(look: Look): ImageData {
  return draw(8, 8, (c) => {
    c.strokeStyle = look.colour('--ink-soft')
    c.lineWidth = 1
    for (const offset of [-8, 0, 8]) {
      c.beginPath()
      c.moveTo(offset - 1, 9)
      c.lineTo(offset + 9, -1)
      c.stroke()
    }
  })
}

function shield(look: Look): ImageData {
  return draw(18, 18, (c) => {
    c.beginPath()
    c.moveTo(4, 1)
    c.arcTo(17, 1, 17, 17, 3)
    c.arcTo(17, 17, 1, 17, 3)
    c.arcTo(1, 17, 1, 1, 3)
    c.arcTo(1, 1, 17, 1, 3)
    c.closePath()
    c.fillStyle = look.colour('--paper')
    c.fill()
    c.strokeStyle = look.colour('--map-highway-edge')
    c.lineWidth = 1
    c.stroke()
  })
}

function origin(look: Look): ImageData {
  return draw(34, 34, (c) => {
    c.translate(17, 17)
    c.beginPath()
    c.arc(0, 0, 13, -Math.PI / 2 + 0.42, Math.PI * 1.5 - 0.42)
    c.lineCap = 'round'
    c.strokeStyle = look.colour('--paper')
    c.lineWidth = 6
    c.stroke()
    c.strokeStyle = look.colour('--ink')
    c.lineWidth = 2.8
    c.stroke()
    c.fillStyle = look.colour('--paper')
    c.fillRect(-7, -7, 14, 14)
    c.fillStyle = look.colour('--ink')
    c.fillRect(-5, -5, 10, 10)
  })
}

/** Draws every image of the style in the colours of look and hands them to the map. */
export function addImages(map: Map, look: Look): void {
  const put = (id: string, data: ImageData, more: object = {}) => {
    if (map.hasImage(id)) map.removeImage(id)
    map.addImage(id, data, { pixelRatio: ratio, ...more })
  }
  for (const kind of kinds) {
    const fill = look.colour(kindColour[kind])
    const muted = look.colour('--ink-soft')
    put(`${kind}-small`, sign(kind, 18, look, fill, true))
    put(`${kind}-small-muted`, sign(kind, 16, look, muted, true))
    put(kind, sign(kind, 30, look, fill, false))
    put(`${kind}-muted`, sign(kind, 30, look, muted, false))
    put(`${kind}-chosen`, sign(kind, 40, look, fill, false))
    put(`${kind}-chosen-plain`, sign(kind, 40, look, fill, true))
  }
  put('hatch', hatch(look))
  put('origin', origin(look))
  const px = (n: number) => n * ratio
  put('shield', shield(look), {
    stretchX: [[px(5), px(13)]],
    stretchY: [[px(5), px(13)]],
    content: [px(3), px(2), px(15), px(16)],
  })
}
