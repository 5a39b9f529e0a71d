import type { Component } from 'vue'
import { openChapter } from '@/i18n'

const screens = {
  home: () => import('./DeskHome.vue'),
  import: () => import('./DeskImport.vue'),
  preview: () => import('./DeskPreview.vue'),
  intents: () => import('./DeskIntents.vue'),
  panoramas: () => import('./DeskPanoramas.vue'),
  notices: () => import('./DeskNotices.vue'),
} satisfies Record<string, () => Promise<{ default: Component }>>
export type Screen = keyof typeof screens

/** Fetches a screen of the staff, with its texts. */
export async function load(screen: Screen): Promise<{ default: Component }> {
  const [loaded] = await Promise.all([screens[screen](), openChapter('desk'), openChapter('land')])
  return loaded
}
