import type { HotSpot, Panorama } from '@/api/types'
import { t } from '@/i18n'
import { text, type Codec } from '@/url/codec'
import type { PanoramaText } from './api'
import { textsIn, trimmed, type Texts } from './texts'

export interface PanoramasState {
  id: string
  /** One that is not there yet is being made. */
  new: string
  /** Only those of this parcel are listed. */
  parcel: string
}

export const panoramasCodec: Codec<PanoramasState> = {
  id: text(/^[1-9]\d{0,15}$/),
  new: text(/^1$/),
  parcel: text(/^[^/?#]{1,60}$/u),
}

/** A hot spot as the form holds it; it leads to a panorama or to a parcel. */
export interface SpotForm {
  yaw: string
  pitch: string
  /** The id of a panorama, or empty. */
  panorama: string
  parcel: string
  label: Texts
}

/** What is told of a panorama, as the form holds it. */
export interface PanoramaForm {
  parcel: string
  takenOn: string
  heading: string
  caption: Texts
  alt: Texts
  spots: SpotForm[]
  sample: boolean
}

export function emptyPanorama(parcel: string): PanoramaForm {
  return { parcel, takenOn: '', heading: '', caption: textsIn(), alt: textsIn(), spots: [], sample: false }
}

export function formOfPanorama(p: Panorama): PanoramaForm {
  return {
    parcel: p.parcel, takenOn: p.taken_on ?? '', heading: p.heading_deg === undefined ? '' : String(p.heading_deg), caption: textsIn(p.caption),
    alt: textsIn(p.alt), sample: p.sample,
    spots: p.hot_spots.map((spot) => ({
      yaw: String(spot.yaw_deg), pitch: String(spot.pitch_deg), panorama: spot.panorama ? String(spot.panorama) : '',
      parcel: spot.panorama ? '' : (spot.parcel ?? ''), label: textsIn(spot.label),
    })),
  } // prettier-ignore
}

/** A spot in the direction that somebody looks in, to a tenth of a degree. */
export function spotAt({ yaw, pitch }: { yaw: number; pitch: number }): SpotForm {
  const tenth = (n: number) => String(Math.round(n * 10) / 10 + 0)
  return { yaw: tenth(yaw), pitch: tenth(pitch), panorama: '', parcel: '', label: textsIn() }
}

/** A number from least to most as it was typed, with any sort of sign and point; undefined when it is none. */
function degrees(raw: string, least: number, most: number): number | undefined {
  const plain = raw.trim().replace('−', '-').replace(',', '.')
  const n = /^[-+]?\d{1,3}(\.\d+)?$/.test(plain) ? Number(plain) : NaN
  return n >= least && n <= most ? n : undefined
}
const headingIn = (form: PanoramaForm) => degrees(form.heading, 0, 360)
const yawOf = (spot: SpotForm) => degrees(spot.yaw, -180, 180)
const pitchOf = (spot: SpotForm) => degrees(spot.pitch, -90, 90)

/** The spots whose place is known, for the viewer. */
export function shownSpots(spots: readonly SpotForm[]): HotSpot[] {
  return spots.flatMap((spot) => {
    const [yaw_deg, pitch_deg] = [yawOf(spot), pitchOf(spot)]
    if (yaw_deg === undefined || pitch_deg === undefined) return []
    const target = spot.panorama ? { panorama: Number(spot.panorama) } : { parcel: spot.parcel }
    return [{ yaw_deg, pitch_deg, ...target, label: trimmed(spot.label) }]
  })
}

/** The form as the service takes it. */
export function panoramaText(form: PanoramaForm): PanoramaText {
  const heading_deg = headingIn(form)
  return {
    parcel: form.parcel,
    caption: trimmed(form.caption),
    alt: trimmed(form.alt),
    ...(form.takenOn && { taken_on: form.takenOn }),
    ...(heading_deg !== undefined && { heading_deg: heading_deg % 360 }),
    hot_spots: shownSpots(form.spots),
    ...(form.sample && { sample: true }),
  }
}

export interface SpotFaults {
  yaw?: string
  pitch?: string
  target?: string
  label?: string
}
export interface PanoramaFaults {
  parcel?: string
  heading?: string
  caption?: string
  alt?: string
  /** By the place of the spot. */
  spots?: Record<number, SpotFaults>
}

/** What is wrong with a form before it is sent, by field. */
export function faultsOfPanorama(form: PanoramaForm): PanoramaFaults {
  const spots: Record<number, SpotFaults> = {}
  form.spots.forEach((spot, i) => {
    const faults: SpotFaults = {
      ...(yawOf(spot) === undefined && { yaw: t('desk.pano.spot.yaw.bad') }),
      ...(pitchOf(spot) === undefined && { pitch: t('desk.pano.spot.pitch.bad') }),
      ...(!spot.panorama && !spot.parcel && { target: t('desk.pano.spot.target.missing') }),
      ...(!spot.label.zh.trim() && { label: t('desk.pano.spot.label.missing') }),
    }
    if (Object.keys(faults).length > 0) spots[i] = faults
  })
  return {
    ...(!form.parcel && { parcel: t('desk.pano.parcel.missing') }),
    ...(form.heading.trim() && headingIn(form) === undefined && { heading: t('desk.pano.heading.bad') }),
    ...(!form.caption.zh.trim() && { caption: t('desk.pano.caption.missing') }),
    ...(!form.alt.zh.trim() && { alt: t('desk.pano.alt.missing') }),
    ...(Object.keys(spots).length > 0 && { spots }),
  }
}

/** As wide as a picture is shown before it is sent; every device draws that. */
const previewWidth = 2048

/** A picture that lies on this device, made small enough to look at; undefined when the browser cannot read it. */
export async function previewOf(file: File): Promise<{ width: number; height: number; picture: HTMLCanvasElement } | undefined> {
  let image: ImageBitmap
  try {
    image = await createImageBitmap(file)
  } catch {
    return undefined
  }
  const { width, height } = image
  const picture = document.createElement('canvas')
  picture.width = Math.min(width, previewWidth)
  picture.height = picture.width / 2
  picture.getContext('2d')?.drawImage(image, 0, 0, picture.width, picture.height)
  image.close()
  return { width, height, picture }
}
