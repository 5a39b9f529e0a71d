import type { Shell } from './stage'

/** Prints the page, with a picture in place of the map. */
export async function printPage(shell: Shell): Promise<void> {
  await shell.picture.value?.()
  window.print()
}
