import { asStaff } from '@/features/desk/api'
import type { ReportHead, Target } from './report'

export const staff = {
  keep: (report: { name: string; note?: string; profile: string; minutes: number; kinds: readonly string[]; day: string }) =>
    asStaff<ReportHead>('reports', { method: 'POST', body: report }),

  setTarget: ({ year, revision, ...numbers }: Pick<Target, 'year' | 'standard' | 'key_areas' | 'highways'> & { revision?: string }) =>
    asStaff<Target>(`targets/${year}`, { method: 'PUT', body: numbers, ...(revision && { headers: { 'If-Match': `"${revision}"` } }) }),
}
