import { number } from '@/i18n/format'

/** A difference of shares in points of percent, with its sign: "+2.7", "−0.4", "0". What is not nothing never reads as nothing. */
export function points(difference: number): string {
  const rounded = Math.round(Math.abs(difference) * 1000) / 10
  if (difference === 0) return '0'
  return `${difference > 0 ? '+' : '−'}${number(Math.max(rounded, 0.1), 1, 1)}`
}
