import type { Component } from 'vue'
import { openChapter } from '@/i18n'

/** The screens of the land supermarket. They are a table of their own, which whoever looks for a station does without. */
const screens = {
  list: () => import('./LandView.vue'),
  parcel: () => import('./ParcelView.vue'),
  recommend: () => import('./RecommendView.vue'),
  compare: () => import('./CompareView.vue'),
  saved: () => import('./SavedView.vue'),
  notices: () => import('./NoticesView.vue'),
  intent: () => import('./IntentView.vue'),
  status: () => import('./StatusView.vue'),
} satisfies Record<string, () => Promise<{ default: Component }>>
export type LandScreen = keyof typeof screens

/** Fetches a screen, and the texts that it speaks. */
export async function load(screen: LandScreen): Promise<{ default: Component }> {
  const [view] = await Promise.all([screens[screen](), openChapter('land')])
  return view
}
