import type { Component } from 'vue'
import { openChapter } from '@/i18n'

/** The planner's screens over one map, in the order of the strip that leads from one to the other. */
const screens = {
  coverage: () => import('./PlanView.vue'),
  report: () => import('./ReportView.vue'),
  gaps: () => import('./GapsView.vue'),
  highways: () => import('./HighwaysView.vue'),
  siting: async () => (await Promise.all([import('./SitingView.vue'), openChapter('siting')]))[0],
  scenario: async () => (await Promise.all([import('./ScenarioView.vue'), openChapter('scenario')]))[0],
  targets: () => import('./TargetsView.vue'),
} satisfies Record<string, () => Promise<{ default: Component }>>
export type PlanScreen = keyof typeof screens

export const planScreens = Object.keys(screens) as PlanScreen[]

/** The path of a screen; coverage is what /plan opens with. */
export function pathOf(screen: PlanScreen): string {
  return screen === 'coverage' ? '/plan' : `/plan/${screen}`
}

/** Fetches a screen, and the texts that it speaks. */
export async function load(screen: PlanScreen): Promise<{ default: Component }> {
  const [view] = await Promise.all([screens[screen](), openChapter('plan')])
  return view
}
