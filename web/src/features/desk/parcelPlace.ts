/** Where a parcel has its page. */
export function parcelPlace(number: string, query: Record<string, string> = {}): { path: string; query: Record<string, string> } {
  return { path: `/land/parcel/${encodeURIComponent(number)}`, query }
}
