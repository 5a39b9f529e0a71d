import type { HotSpot, Panorama, PanoramaLevel } from '@/api/types'
import { t } from '@/i18n'

/** What a device can show, as far as it matters for the size of a picture. */
export interface Screen {
  /** Pixels across the view. */
  pixels: number
  /** The widest texture that its graphics take. */
  texture: number
  /** Whether it was asked to load little. */
  saves: boolean
}

/** How much of the whole turn the view shows, in degrees. */
export const field = { first: 100, narrowest: 40, widest: 120 } as const

/** A picture this much coarser than the screen is not seen to be. */
const slack = 0.85
/** The widest picture for a device that is to load little. */
const little = 2048

/** The narrowest picture that is as fine as the screen; without such a one the widest that the device can draw. */
export function levelFor(levels: readonly PanoramaLevel[], screen: Screen): PanoramaLevel | undefined {
  const most = Math.min(screen.texture, screen.saves ? little : Infinity)
  const fit = levels.filter(({ width }) => width <= most)
  const wanted = ((screen.pixels * 360) / field.first) * slack
  return fit.find(({ width }) => width >= wanted) ?? fit.at(-1) ?? levels[0]
}

/** The compass bearing of what lies at yaw from the picture's middle. */
export function bearing(heading: number, yaw: number): number {
  return (((heading + yaw) % 360) + 360) % 360
}

/** The eighth of the compass that a bearing lies in, 0 being north. */
export function eighth(degrees: number): 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 {
  return (Math.round(bearing(degrees, 0) / 45) % 8) as 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7
}

/** Where to look for a spot, in words: by the compass where the picture's bearing is known, or else from its middle. */
export function whereIs(spot: Pick<HotSpot, 'yaw_deg'>, heading: number | undefined): string {
  if (heading !== undefined) return t(`compass.${eighth(bearing(heading, spot.yaw_deg))}`)
  return t(`pano.side.${(eighth(spot.yaw_deg + 22.5) >> 1) as 0 | 1 | 2 | 3}`)
}

/** The keys of the address under which the target of a spot is shown. */
export function addressOf(spot: HotSpot): { parcel: string | undefined; pano: string | undefined } {
  return { parcel: spot.parcel, pano: spot.panorama ? String(spot.panorama) : undefined }
}

/** The panorama that the address names; one that is not among them is none. */
export function namedIn(panoramas: readonly Panorama[], pano: string | undefined): Panorama | undefined {
  return panoramas.find(({ id }) => String(id) === pano)
}

export interface View {
  yaw: number
  pitch: number
  hfov: number
}

const clamp = (n: number, least: number, most: number) => Math.min(most, Math.max(least, n))

/** The view after a step to a side, up or down, in or out; a step is a fifth of what is seen. */
export function stepped(view: View, step: 'left' | 'right' | 'up' | 'down' | 'in' | 'out'): View {
  const by = view.hfov / 5
  switch (step) {
    case 'left':
      return { ...view, yaw: bearing(view.yaw - by, 180) - 180 }
    case 'right':
      return { ...view, yaw: bearing(view.yaw + by, 180) - 180 }
    case 'up':
      return { ...view, pitch: clamp(view.pitch + by, -90, 90) }
    case 'down':
      return { ...view, pitch: clamp(view.pitch - by, -90, 90) }
    case 'in':
      return { ...view, hfov: clamp(view.hfov - by, field.narrowest, field.widest) }
    case 'out':
      return { ...view, hfov: clamp(view.hfov + by, field.narrowest, field.widest) }
  }
}

/** Bytes as people who pay for them want to know: "1.2 MB". */
export function megabytes(bytes: number): string {
  return `${Math.max(0.1, bytes / 1e6).toFixed(1)} MB`
}
