import { language, t } from './index'

/** Clocks and calendars of the service, wherever the device is. */
export const timeZone = 'Asia/Shanghai'

const western = () => (language.value === 'en' ? 'en' : 'zh-CN')

const formats = new Map<string, Intl.NumberFormat>()

/** A number with grouped thousands. Browsers have no Tibetan number format; the digits used in Lhasa's prints do. */
export function number(n: number, digits = 0, least = 0): string {
  const key = `${western()} ${digits} ${least}`
  let format = formats.get(key)
  if (!format) {
    // Making one takes longer than using it a hundred times.
    format = new Intl.NumberFormat(western(), { minimumFractionDigits: least, maximumFractionDigits: Math.max(digits, least), useGrouping: true })
    formats.set(key, format)
  }
  return format.format(n)
}

/** 0.8343 → "83.4 %". Never rounds up to 100 or down to 0 what is not all or nothing. */
export function percent(share: number): string {
  const rounded = Math.round(share * 1000) / 10
  const honest = share < 1 && rounded === 100 ? 99.9 : share > 0 && rounded === 0 ? 0.1 : rounded
  return t('unit.percent.n', { n: number(honest, 1) })
}

/** Seconds on foot as people say them: whole minutes, at least one. */
export function duration(seconds: number): string {
  const minutes = wholeMinutes(seconds)
  if (minutes < 60) return t('unit.minutes.n', { n: minutes })
  return t('unit.hours.n', { h: Math.floor(minutes / 60), n: minutes % 60 })
}

export function wholeMinutes(seconds: number): number {
  return Math.max(1, Math.round(seconds / 60))
}

/** Metres to the nearest ten, kilometres to one digit. */
export function distance(metres: number): string {
  const tens = Math.round(metres / 10) * 10
  if (tens < 1000) return t('unit.metres.n', { n: tens })
  return t('unit.km.n', { n: number(metres / 1000, 1) })
}

export const areaUnits = ['mu', 'ha', 'm2'] as const
export type AreaUnit = (typeof areaUnits)[number]

/** Square metres in one unit; 1 亩 is 2000/3 m². */
export const unitM2: Record<AreaUnit, number> = { mu: 2000 / 3, ha: 10_000, m2: 1 }

/** An area given in square metres, in unit. */
export function area(m2: number, unit: AreaUnit): string {
  const n = m2 / unitM2[unit]
  const digits = unit === 'm2' ? (n < 1 ? 2 : 0) : n < 0.1 ? 4 : n < 10 ? 2 : n < 100 ? 1 : 0
  return t('unit.area.n', { n: number(n, digits), unit: t(`unit.${unit}`) })
}

/** The clock time of an instant, "22:00". */
export function clock(at: Date): string {
  const { hour, minute } = fields(at)
  return `${two(hour)}:${two(minute)}`
}

/** The day of an instant: today, tomorrow, or the weekday. */
export function dayOf(at: Date, now: Date): string {
  const days = Math.round((midnight(at) - midnight(now)) / 86_400_000)
  if (days === 0) return t('day.today')
  if (days === 1) return t('day.tomorrow')
  const weekday = new Date(midnight(at)).getUTCDay()
  return t(`day.${weekday as 0 | 1 | 2 | 3 | 4 | 5 | 6}`)
}

/** A calendar day. */
export function date(at: Date): string {
  const { year, month, day } = fields(at)
  switch (language.value) {
    case 'en':
      return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone }).format(at)
    case 'bo':
      return `${year} ལོའི་ཟླ་ ${month} ཚེས་ ${day}`
    default:
      return `${year} 年 ${month} 月 ${day} 日`
  }
}

interface Fields {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone,
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  hourCycle: 'h23',
})

function fields(at: Date): Fields {
  const out: Record<string, number> = {}
  for (const part of parts.formatToParts(at)) out[part.type] = Number(part.value)
  return out as unknown as Fields
}

function midnight(at: Date): number {
  const { year, month, day } = fields(at)
  return Date.UTC(year, month - 1, day)
}

const two = (n: number) => String(n).padStart(2, '0')
