import type { Notice } from '@/api/types'
import { t } from '@/i18n'
import { timeZone } from '@/i18n/format'
import { text, type Codec } from '@/url/codec'
import type { NoticeText } from './api'
import { textsIn, trimmed, type Texts } from './texts'

export const noticeKinds = ['notice', 'policy', 'guide'] as const satisfies readonly Notice['kind'][]

export interface EditorState {
  code: string
  /** A text that is not there yet is being written. */
  new: string
}

export const editorCodec: Codec<EditorState> = {
  code: text(/^[^\s/?#]{1,60}$/u),
  new: text(/^1$/),
}

/** A notice as the form holds it. */
export interface Form {
  code: string
  kind: Notice['kind']
  title: Texts
  body: Texts
  publishedOn: string
  /** The last day, and the time on it; without a time it lasts the day out. */
  closesOn: string
  closesAt: string
  parcels: string
  sample: boolean
}

export function emptyForm(today: Date): Form {
  return {
    code: '', kind: 'notice', title: textsIn(undefined), body: textsIn(undefined), publishedOn: dayIn(today), closesOn: '', closesAt: '',
    parcels: '', sample: false,
  } // prettier-ignore
}

export function formOf(notice: Notice): Form {
  const [closesOn, closesAt] = splitEnd(notice.closes_at)
  return {
    code: notice.code, kind: notice.kind, title: textsIn(notice.title), body: textsIn(notice.body), publishedOn: notice.published_on, closesOn, closesAt,
    parcels: notice.parcels.join('\n'), sample: notice.sample,
  } // prettier-ignore
}

/** The calendar day of an instant in China. */
export function dayIn(at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at)
}

/** An end as day and time in China. An end at midnight is that of the day before, which is lasted out. */
export function splitEnd(end: string | null | undefined): [day: string, time: string] {
  if (!end) return ['', '']
  const at = new Date(end)
  const time = new Intl.DateTimeFormat('sv-SE', { timeZone, timeStyle: 'medium' }).format(at)
  if (time === '00:00:00') return [dayIn(new Date(at.getTime() - 1000)), '']
  return [dayIn(at), time.endsWith(':00') ? time.slice(0, 5) : time]
}

/** Numbers of parcels, however they are parted, each once. */
export function numbersIn(raw: string): string[] {
  return [...new Set(raw.split(/[\s,，、;；]+/).filter(Boolean))]
}

/** The form as the service takes it. */
export function textOf(form: Form): NoticeText {
  const body = trimmed(form.body)
  return {
    kind: form.kind,
    title: trimmed(form.title),
    ...(Object.values(body).some(Boolean) && { body }),
    published_on: form.publishedOn,
    ...(form.closesOn && { closes_at: joinEnd(form.closesOn, form.closesAt) }),
    parcels: numbersIn(form.parcels),
    ...(form.sample && { sample: true }),
  }
}

export function joinEnd(day: string, time: string): string {
  if (!time) return day
  return `${day}T${time.length === 5 ? `${time}:00` : time}+08:00`
}

/** What is wrong with a form before it is sent, by field. */
export function faultsOf(form: Form): Partial<Record<'code' | 'title' | 'publishedOn' | 'closesOn', string>> {
  const end = form.closesOn && form.publishedOn && form.closesOn < form.publishedOn
  return {
    ...(!form.code.trim() && { code: t('desk.notice.code.missing') }),
    ...(!form.title.zh.trim() && { title: t('desk.notice.title.missing') }),
    ...(!form.publishedOn && { publishedOn: t('desk.notice.day.missing') }),
    ...(end && { closesOn: t('desk.notice.end.early') }),
  }
}
