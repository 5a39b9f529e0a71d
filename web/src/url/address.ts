import { shallowRef } from 'vue'

export type Query = Readonly<Record<string, string>>
export interface Place {
  path: string
  query: Query
}

/**
 * The address of the page, which is where its state lives: a path for the screen and a query for what is chosen on it.
 * Writing is immediate, so that two parts of the page may write in the same moment and lose nothing of each other's.
 * This is all of a router that Kora needs; a general one would take a sixth of what the first list may weigh.
 */
export class Address {
  private readonly place = shallowRef<Place>({ path: '/', query: {} })

  constructor(private readonly window: Pick<Window, 'location' | 'history' | 'addEventListener'>) {
    this.read()
    window.addEventListener('popstate', () => this.read())
  }

  get path(): string {
    return this.place.value.path
  }

  get query(): Query {
    return this.place.value.query
  }

  /** Goes to another screen; "back" returns. */
  go(place: Place): void {
    this.write(place, true)
  }

  /** Sets the keys of patch; undefined removes one. With push it is a step that "back" undoes. */
  change(patch: Record<string, string | undefined>, push = false): void {
    const query: Record<string, string> = {}
    for (const [key, value] of Object.entries({ ...this.query, ...patch })) {
      if (value !== undefined && value !== '') query[key] = value
    }
    this.write({ path: this.path, query }, push)
  }

  private write(place: Place, push: boolean): void {
    const href = hrefOf(place)
    if (href === hrefOf(this.place.value)) return
    if (push) this.window.history.pushState(null, '', href)
    else this.window.history.replaceState(null, '', href)
    this.place.value = place
  }

  private read(): void {
    const { pathname, search } = this.window.location
    // The first of several values of a key counts.
    const query: Record<string, string> = {}
    for (const [key, value] of new URLSearchParams(search)) query[key] ??= value
    this.place.value = { path: pathname.replace(/(.)\/+$/, '$1'), query }
  }
}

/** The address as text. Commas, colons and slashes are legal in a query and stay readable. */
export function hrefOf({ path, query }: Place): string {
  const say = (text: string) => encodeURIComponent(text).replace(/%(2C|3A|2F|40)/g, decodeURIComponent)
  const pairs = Object.entries(query).map(([key, value]) => `${say(key)}=${say(value)}`)
  return pairs.length > 0 ? `${path}?${pairs.join('&')}` : path
}
