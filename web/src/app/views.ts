import type { Component } from 'vue'
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

const known: Record<string, View> = {
  '/': { load: () => import('@/features/home/HomeView.vue'), map: false },
  '/find': { load: () => import('@/features/find/FindView.vue'), title: 'nav.find', map: true },
  '/plan': { load: () => import('@/features/plan/PlanView.vue'), title: 'nav.plan', map: true },
  '/land': { load: () => import('@/features/land/LandView.vue'), title: 'nav.land', map: true },
  '/debug/tiles': { load: () => import('@/features/inspect/InspectView.vue'), name: 'Tile inspector', map: false },
}

const nothing: View = { load: () => import('./NothingView.vue'), map: false }

export function viewAt(path: string): View {
  return known[path] ?? nothing
}
