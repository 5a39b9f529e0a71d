import type { Component } from 'vue'
import type { Screen as DeskScreen } from '@/features/desk/views'
import type { LandScreen } from '@/features/land/screens'
import type { PlanScreen } from '@/features/plan/screens'
import type { Key } from '@/i18n'

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

const land = (screen: LandScreen, title: Key, map = false): View => ({
  load: async () => (await import('@/features/land/screens')).load(screen),
  title,
  map,
})

const plan = (screen: PlanScreen, title: Key): View => ({
  load: async () => (await import('@/features/plan/screens')).load(screen),
  title,
  map: true,
})

/** The screens of the staff, which the public never fetches, are known by their paths only. */
const desk = (screen: DeskScreen, title: Key, map = false): View => ({
  load: async () => (await import('@/features/desk/views')).load(screen),
  title,
  map,
})

const known: Record<string, View> = {
  '/': { load: () => import('@/features/home/HomeView.vue'), map: false },
  '/find': { load: () => import('@/features/find/FindView.vue'), title: 'nav.find', map: true },
  '/plan': plan('coverage', 'nav.plan'),
  '/plan/highways': plan('highways', 'plan.screen.highways'),
  '/plan/report': plan('report', 'plan.screen.report'),
  '/plan/gaps': plan('gaps', 'plan.screen.gaps'),
  '/plan/targets': plan('targets', 'plan.screen.targets'),
  '/plan/siting': plan('siting', 'plan.screen.siting'),
  '/plan/scenario': plan('scenario', 'plan.screen.scenario'),
  '/land': land('list', 'nav.land', true),
  '/land/recommend': land('recommend', 'land.need.title', true),
  '/land/compare': land('compare', 'land.compare.title'),
  '/land/saved': land('saved', 'land.saved.title'),
  '/land/notices': land('notices', 'land.notices.title'),
  '/land/intent': land('intent', 'land.intent.title'),
  '/land/intent/status': land('status', 'land.intent.status'),
  '/desk': desk('home', 'nav.desk'),
  '/desk/import': desk('import', 'desk.import'),
  '/desk/import/preview': desk('preview', 'desk.import', true),
  '/desk/intents': desk('intents', 'desk.intents'),
  '/desk/panoramas': desk('panoramas', 'desk.panoramas'),
  '/desk/notices': desk('notices', 'desk.notices'),
  '/debug/tiles': { load: () => import('@/features/inspect/InspectView.vue'), name: 'Tile inspector', map: false },
}

/** One parcel: /land/parcel/ and its number. */
const parcel: View = land('parcel', 'nav.land', true)

const nothing: View = { load: () => import('./NothingView.vue'), map: false }

export function viewAt(path: string): View {
  return known[path] ?? (/^\/land\/parcel\/[^/]+$/.test(path) ? parcel : nothing)
}
