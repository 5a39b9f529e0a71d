import { nextTick, watch, type ShallowRef } from 'vue'

interface Scroller {
  body: HTMLElement | null
}

/**
 * A list and the card of one of its items share a place. The card begins at its top with the focus on its heading
 * (id "card"); whoever goes back finds the list where it was, and the focus on the item (data-item) that was open.
 * ready fetches a card whose code comes when it is needed.
 */
export function useListAndCard(
  sheet: Readonly<ShallowRef<Scroller | null>>,
  open: () => string | number | undefined,
  ready?: () => Promise<unknown>,
): void {
  let top = 0
  watch(
    open,
    async (now, before) => {
      const body = sheet.value?.body
      if (!body) return
      if (before === undefined) top = body.scrollTop
      await nextTick()
      if (now !== undefined && ready) {
        await ready()
        await nextTick() // its wrapper learns of it
      }
      if (now !== undefined) {
        body.scrollTo({ top: 0 })
        document.getElementById('card')?.focus({ preventScroll: true })
        return
      }
      body.scrollTo({ top })
      const item = body.querySelector<HTMLElement>(`[data-item="${CSS.escape(String(before))}"]`)
      item?.focus({ preventScroll: true })
    },
    { flush: 'pre' },
  )
}
