import type { LonLat } from '@/url/codec'

export type Located =
  | { at: LonLat; accuracy: number }
  | { failed: 'refused' | 'timeout' | 'unsupported' }

/**
 * Asks the device where it is, once. The position is cut to four decimals, about ten metres: finer than any position
 * fix in a street, and no finer than the question needs.
 */
export function locate(): Promise<Located> {
  const { geolocation } = navigator
  if (!geolocation) return Promise.resolve({ failed: 'unsupported' })
  return new Promise((resolve) => {
    geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({ at: [Number(coords.longitude.toFixed(4)), Number(coords.latitude.toFixed(4))], accuracy: coords.accuracy }),
      (error) => resolve({ failed: error.code === error.PERMISSION_DENIED ? 'refused' : 'timeout' }),
      { enableHighAccuracy: true, timeout: 12_000, maximumAge: 30_000 },
    )
  })
}

/** A fix worse than this deserves a warning, in metres. */
export const coarse = 500
