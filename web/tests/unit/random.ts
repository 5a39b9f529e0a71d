export interface Random {
  between(low: number, high: number): number
  whole(low: number, high: number): number
  pick<T>(values: readonly T[]): T
  /** Some of values, in their order. */
  some<T>(values: readonly T[]): T[]
}

/** Numbers that look random and are the same in every run (mulberry32). */
export function random(seed: number): Random {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296
  }
  const between = (low: number, high: number) => low + next() * (high - low)
  const whole = (low: number, high: number) => Math.floor(between(low, high + 1))
  return {
    between,
    whole,
    pick: (values) => values[whole(0, values.length - 1)] as (typeof values)[number],
    some: (values) => values.filter(() => next() < 0.5),
  }
}
