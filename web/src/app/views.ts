import type { Component } from 'vue'
import { openChapter, type Key } from '@/i18n'

/** The three views with a map; their names are their paths. */
export const views = ['find', 'plan', 'land'] as const

export interface View {
  load: () => Promise<{ default: Component }>
  /** The key of the page's name, for the title of the window. */
  title?: Key
  /** The page's name when it comes in no other language. */
  name?: string
  /** Whether the map stands beside the page. */
  map: boolean
}

const land = <T>(view: Promise<T>): Promise<T> => Promise.all([view, openChapter('land')]).then(([loaded]) => loaded)

const known: Record<string, View> = {
  '/': { load: () => import('@/features/home/HomeView.vue'), map: false },
  '/find': { load: () => import('@/features/find/FindView.vue'), title: 'nav.find', map: true },
  '/plan': { load: () => import('@/features/plan/PlanView.vue'), title: 'nav.plan', map: true },
  '/land': { load: () => land(import('@/features/land/LandView.vue')), title: 'nav.land', map: true },
  '/land/recommend': { load: () => land(import('@/features/land/RecommendView.vue')), title: 'land.need.title', map: true },
  '/land/compare': { load: () => land(import('@/features/land/CompareView.vue')), title: 'land.compare.title', map: false },
  '/land/saved': { load: () => land(import('@/features/land/SavedView.vue')), title: 'land.saved.title', map: false },
  '/land/notices': { load: () => land(import('@/features/land/NoticesView.vue')), title: 'land.notices.title', map: false },
  '/land/intent': { load: () => land(import('@/features/land/IntentView.vue')), title: 'land.intent.title', map: false },
  '/land/intent/status': { load: () => land(import('@/features/land/StatusView.vue')), title: 'land.intent.status', map: false },
  '/debug/tiles': { load: () => import('@/features/inspect/InspectView.vue'), name: 'Tile inspector', map: false },
}

/** One parcel: /land/parcel/ and its number. */
const parcel: View = { load: () => land(import('@/features/land/ParcelView.vue')), title: 'nav.land', map: true }

const nothing: View = { load: () => import('./NothingView.vue'), map: false }

export function viewAt(path: string): View {
  return known[path] ?? (/^\/land\/parcel\/[^/]+$/.test(path) ? parcel : nothing)
}
