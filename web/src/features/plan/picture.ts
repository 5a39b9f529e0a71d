import { saveBlob } from './save'

/** What a picture of the map says around it. */
export interface Caption {
  title: string
  subject: string
  /** The ramp: a colour and the minutes at its upper end. */
  steps: { colour: string; upTo: string }[]
  over: string
  /** What must not be cut off: sources, approval number, sample mark, date. */
  notes: string[]
  ink: string
  soft: string
  paper: string
}

/** Draws the map with its title above, and legend and sources below, and hands it out as a PNG. */
export async function savePicture(source: string, caption: Caption, name: string): Promise<void> {
  const map = new Image()
  map.src = source
  await map.decode()
  const canvas = document.createElement('canvas')
  const scale = Math.max(1, map.width / 1200)
  const head = 88 * scale
  const context = canvas.getContext('2d')
  if (!context) throw new Error('this browser draws no pictures')
  const font = (size: number, weight = 400) => `${weight} ${size * scale}px ${getComputedStyle(document.documentElement).fontFamily}`
  const margin = 20 * scale
  context.font = font(13)
  const lines = wrap(context, caption.notes.join(' · '), map.width - 2 * margin)
  const foot = (64 + 20 * lines.length) * scale
  canvas.width = map.width
  canvas.height = map.height + head + foot
  context.fillStyle = caption.paper
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(map, 0, head)
  context.fillStyle = caption.ink
  context.font = font(26, 600)
  context.fillText(caption.title, margin, 40 * scale, map.width - 2 * margin)
  context.fillStyle = caption.soft
  context.font = font(16)
  context.fillText(caption.subject, margin, 68 * scale, map.width - 2 * margin)

  let x = margin
  const top = head + map.height + 16 * scale
  context.font = font(13)
  for (const { colour, upTo } of caption.steps) {
    context.fillStyle = colour
    context.fillRect(x, top, 56 * scale, 12 * scale)
    context.fillStyle = caption.ink
    context.fillText(upTo, x + 40 * scale, top + 28 * scale)
    x += 56 * scale
  }
  context.fillStyle = caption.soft
  context.fillText(caption.over, x + 20 * scale, top + 11 * scale)
  lines.forEach((line, i) => context.fillText(line, margin, top + (52 + 20 * i) * scale))

  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
  if (!blob) throw new Error('the picture could not be made')
  saveBlob(blob, name)
}

/** Breaks a text into lines that are not wider than width; Han characters may part anywhere. */
function wrap(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+/g) ?? []) {
    if (line && context.measureText(line + piece).width > width) {
      lines.push(line.trimEnd())
      line = piece.trimStart()
    } else line += piece
  }
  return line ? [...lines, line] : lines
}
