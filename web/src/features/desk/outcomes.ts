import type { Outcome } from './imports'

/** The colour of an outcome, on the map and in the list. */
export const outcomeTokens: Record<Outcome, string> = {
  added: '--turquoise',
  changed: '--marigold',
  same: '--line-strong',
  refused: '--garnet',
}
