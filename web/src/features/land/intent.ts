import type { IntentForm } from '@/api/types'
import { unitM2, type AreaUnit } from '@/i18n/format'
import type { LandKey } from '@/i18n'
import { intentOf, type IntentState } from './needs'

/** The form as it stands on the page: texts as they were typed. */
export interface Draft {
  company: string
  name: string
  phone: string
  mail: string
  industry: string
  investment: string
  areaMin: string
  areaMax: string
  project: string
  uses: readonly string[]
  counties: readonly string[]
  agreed: boolean
}

/** Sections of GB/T 4754-2017. */
export const sections = [...'ABCDEFGHIJKLMNOPQRST'] as const

export function draftFrom(wishes: IntentState, unit: AreaUnit): Draft {
  const { uses = [], counties = [], area_min_m2, area_max_m2 } = intentOf(wishes)
  const say = (m2: number | undefined) => (m2 ? String(Math.round((m2 / unitM2[unit]) * 100) / 100) : '')
  return {
    company: '', name: '', phone: '', mail: '', industry: '', investment: '', project: '', agreed: false,
    areaMin: say(area_min_m2), areaMax: say(area_max_m2), uses, counties,
  } // prettier-ignore
}

/** A number as people type it; empty is 0, undefined is none. */
export function numberIn(text: string): number | undefined {
  const plain = text.trim().replace(/[,，]/g, '')
  if (plain === '') return 0
  const n = /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN
  return Number.isFinite(n) ? n : undefined
}

export type Place = 'company' | 'name' | 'phone' | 'mail' | 'industry' | 'investment' | 'area' | 'consent'
export type Problems = Partial<Record<Place, LandKey>>

/** Full-width digits are what Chinese keyboards type. */
const digits = (text: string) => text.normalize('NFKC').replace(/\D/g, '').length

/** What must be put right before the form can go; the service looks closer. */
export function problemsOf(draft: Draft): Problems {
  const problems: Problems = {}
  if (!draft.company.trim()) problems.company = 'land.intent.need.company'
  if (!draft.name.trim()) problems.name = 'land.intent.need.name'
  if (digits(draft.phone) < 7) problems.phone = 'land.intent.need.phone'
  if (draft.mail.trim() && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(draft.mail.trim())) problems.mail = 'land.intent.need.mail'
  if (!draft.industry) problems.industry = 'land.intent.need.industry'
  if (numberIn(draft.investment) === undefined) problems.investment = 'land.intent.need.investment'
  const [least, most] = [numberIn(draft.areaMin), numberIn(draft.areaMax)]
  if (least === undefined || most === undefined || (most > 0 && most < least)) problems.area = 'land.intent.need.area'
  if (!draft.agreed) problems.consent = 'land.intent.need.consent'
  return problems
}

export function formOf(draft: Draft, state: IntentState, unit: AreaUnit, consent: string): IntentForm {
  const m2 = (text: string) => Math.round((numberIn(text) ?? 0) * unitM2[unit])
  const mail = draft.mail.trim()
  const project = draft.project.trim()
  return {
    company: draft.company.trim(),
    name: draft.name.trim(),
    phone: draft.phone.trim(),
    ...(mail && { mail }),
    industry: draft.industry,
    investment: numberIn(draft.investment) ?? 0,
    area_min_m2: m2(draft.areaMin),
    area_max_m2: m2(draft.areaMax),
    uses: [...draft.uses],
    counties: [...draft.counties],
    parcels: [...state.parcels],
    needs: intentOf(state).needs ?? [],
    ...(project && { project }),
    consent,
  }
}

/** Gives every form a key that stays the same while the form does, so that sending it again makes no second intent. */
export class Keys {
  private last: { form: string; key: string } | undefined

  for(form: IntentForm): string {
    const text = JSON.stringify(form)
    if (this.last?.form !== text) this.last = { form: text, key: randomKey() }
    return this.last.key
  }
}

/** Like crypto.randomUUID, which pages have in secure contexts only. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The field on the page that the service speaks of, as in "body.phone". */
export function placeOf(location: string): Place | undefined {
  const field = location.replace(/^body\./, '').replace(/\[.*/, '')
  if (field === 'area_min_m2' || field === 'area_max_m2') return 'area'
  const places: readonly Place[] = ['company', 'name', 'phone', 'mail', 'industry', 'investment', 'consent']
  return places.find((place) => place === field)
}
