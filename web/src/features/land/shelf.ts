import { shallowRef, type ShallowRef } from 'vue'
import type { Parcel } from '@/api/types'
import type { Name } from '@/i18n'
import { parcelNumber } from './filter'

/** A parcel that somebody laid aside, with what a list needs to name it. */
export interface Kept {
  number: string
  name: Name
}

/** What this device remembers of parcels: favourites, those to compare, those that were looked at; the latest first. */
export interface Shelf {
  saved: readonly Kept[]
  seen: readonly Kept[]
  compared: readonly Kept[]
}
export type Part = keyof Shelf

export const most = { saved: 200, seen: 60, compared: 6 } as const satisfies Record<Part, number>
export const fewest = 2
const version = 1
const key = 'kora.land'

const parts = Object.keys(most) as Part[]
export const emptyShelf: Shelf = { saved: [], seen: [], compared: [] }

/** What was written under the present version; of anything else nothing is taken over. */
export function parseShelf(raw: string | null): Shelf {
  try {
    const { v, ...rest } = JSON.parse(raw ?? '') as { v?: unknown } & Record<string, unknown>
    if (v !== version) return emptyShelf
    const shelf: Shelf = { ...emptyShelf }
    for (const part of parts) {
      const all = Array.isArray(rest[part]) ? (rest[part] as unknown[]) : []
      shelf[part] = once(all.filter(isKept)).slice(0, most[part])
    }
    return shelf
  } catch {
    return emptyShelf
  }
}

export function formatShelf(shelf: Shelf): string {
  return JSON.stringify({ v: version, ...shelf })
}

function isKept(one: unknown): one is Kept {
  const { number, name } = (one ?? {}) as Partial<Kept>
  return typeof number === 'string' && parcelNumber.test(number) && typeof name?.zh === 'string'
}

const once = (all: readonly Kept[]) => all.filter(({ number }, i) => all.findIndex((k) => k.number === number) === i)

export function holds(shelf: Shelf, part: Part, number: string): boolean {
  return shelf[part].some((kept) => kept.number === number)
}

/** Puts kept first; a full part loses its oldest, but for what is compared: there it is not taken in. */
export function put(shelf: Shelf, part: Part, { number, name }: Kept): Shelf {
  const others = shelf[part].filter((kept) => kept.number !== number)
  if (part === 'compared') {
    return others.length >= most.compared ? shelf : { ...shelf, compared: [...others, { number, name }] }
  }
  return { ...shelf, [part]: [{ number, name }, ...others].slice(0, most[part]) }
}

export function drop(shelf: Shelf, part: Part, number: string): Shelf {
  return { ...shelf, [part]: shelf[part].filter((kept) => kept.number !== number) }
}

/** The shelf of this device. Without storage it lasts as long as the page. */
export class DeviceShelf {
  private readonly now: ShallowRef<Shelf>
  private refused = false

  constructor(private readonly storage: () => Pick<Storage, 'getItem' | 'setItem'>) {
    this.now = shallowRef(this.read())
  }

  get shelf(): Shelf {
    return this.now.value
  }

  has(part: Part, number: string): boolean {
    return holds(this.shelf, part, number)
  }

  put(part: Part, parcel: Parcel): void {
    const { number, name } = parcel.properties
    this.write(put(this.read(), part, { number, name }))
  }

  drop(part: Part, number: string): void {
    this.write(drop(this.read(), part, number))
  }

  toggle(part: Part, parcel: Parcel): void {
    const { number } = parcel.properties
    if (this.has(part, number)) this.drop(part, number)
    else this.put(part, parcel)
  }

  clear(part: Part): void {
    this.write({ ...this.read(), [part]: [] })
  }

  /** Takes over what another window of this device wrote. */
  refresh(): void {
    this.now.value = this.read()
  }

  /** What is written is read anew each time, since other windows write too. */
  private read(): Shelf {
    if (this.refused) return this.now.value
    try {
      return parseShelf(this.storage().getItem(key))
    } catch {
      this.refused = true // storage may be forbidden
      return this.now?.value ?? emptyShelf
    }
  }

  private write(shelf: Shelf): void {
    this.now.value = shelf
    try {
      this.storage().setItem(key, formatShelf(shelf))
    } catch {
      this.refused = true // as above, or it is full
    }
  }
}

let device: DeviceShelf | undefined

export function useShelf(): DeviceShelf {
  if (!device) {
    const made = new DeviceShelf(() => window.localStorage)
    window.addEventListener('storage', () => made.refresh())
    device = made
  }
  return device
}
